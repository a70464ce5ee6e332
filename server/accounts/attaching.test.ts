import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import {
  book,
  linkFor,
  logIn,
  newOrganization,
  newProvider,
  newService,
  PASSWORD,
  type Person,
  type Stage,
  visiting,
} from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

const EMAIL = 'ada@example.com'

async function writtenDown({ admin }: Stage, email = EMAIL): Promise<{ id: string }> {
  const asking = { token: admin.token, body: { name: 'Ada, as the desk knows her', email } }
  const { status, body } = await app.post('/clients', asking)
  assert.equal(status, 201)
  return body
}

async function signedUp({ organization }: Stage): Promise<Person> {
  const body = { email: EMAIL, password: PASSWORD, name: 'Ada' }
  await app.post('/auth/register', { headers: visiting(organization), body })
  const { access_token, user } = (await logIn(app, organization, EMAIL)).body
  return { ...user, token: access_token }
}

async function verify(person: Person): Promise<void> {
  const token = await linkFor(app, person, 'verify_email')
  assert.equal((await app.post('/auth/verify-email', { body: { token } })).status, 200)
}

async function clientsOf({ admin }: Stage): Promise<string[]> {
  const { body } = await app.get('/clients', { token: admin.token })
  return body.items.map(({ id }: { id: string }) => id)
}

async function booking(stage: Stage, as: Person, client_id: string, starts_at: string) {
  const provider = await newProvider(app, stage)
  const { id: service_id } = await newService(app, stage)
  const { status, body } = await book(app, as, { provider_id: provider.id, service_id, client_id, starts_at })
  assert.equal(status, 201)
  return body
}

describe('a client whom the desk wrote down', () => {
  it('becomes the person who signs up with the address, once it is verified', async () => {
    const stage = await newOrganization(app)
    const known = await writtenDown(stage)
    const appointment = await booking(stage, stage.admin, known.id, '2027-03-02T10:00:00Z')
    const person = await signedUp(stage)
    await verify(person)

    const { access_token, user } = (await logIn(app, stage.organization, EMAIL)).body
    assert.equal(user.id, known.id)
    assert.deepEqual(user.roles, ['client'])
    assert.equal(user.is_verified, true)
    assert.deepEqual(await clientsOf(stage), [known.id])
    const mine = await app.get('/appointments', { token: access_token })
    assert.deepEqual(
      mine.body.items.map(({ id }: { id: string }) => id),
      [appointment.id],
    )
  })

  it('shows nothing of theirs before the address is verified', async () => {
    const stage = await newOrganization(app)
    const known = await writtenDown(stage)
    const appointment = await booking(stage, stage.admin, known.id, '2027-03-02T10:00:00Z')
    const { id, token } = await signedUp(stage)
    assert.notEqual(id, known.id)
    assert.deepEqual((await app.get('/appointments', { token })).body.items, [])
    assert.equal((await app.get(`/appointments/${appointment.id}`, { token })).status, 404)
    assert.equal((await app.get(`/clients/${known.id}`, { token })).status, 404)
  })

  it('becomes them also where a reset of the password showed whose address it is', async () => {
    const stage = await newOrganization(app)
    const known = await writtenDown(stage)
    const person = await signedUp(stage)
    app.pass({ minutes: 1 })
    const body = { token: await linkFor(app, person, 'reset_password'), new_password: 'Another-Horse-7' }
    assert.equal((await app.post('/auth/reset-password', { body })).status, 200)
    assert.equal((await logIn(app, stage.organization, EMAIL, body.new_password)).body.user.id, known.id)
  })

  it('is found however the desk wrote the address', async () => {
    const stage = await newOrganization(app)
    const known = await writtenDown(stage, 'Ada@Example.com')
    await verify(await signedUp(stage))
    assert.equal((await logIn(app, stage.organization, EMAIL)).body.user.id, known.id)
  })

  it('ends the log-ins from before, so that nobody goes on under an id that is gone', async () => {
    const stage = await newOrganization(app)
    await writtenDown(stage)
    const person = await signedUp(stage)
    await verify(person)
    assert.equal((await app.get('/auth/me', { token: person.token })).status, 401)
  })

  it('stays apart from a person who has appointments of their own', async () => {
    const stage = await newOrganization(app)
    const known = await writtenDown(stage)
    const person = await signedUp(stage)
    const appointment = await booking(stage, person, person.id, '2027-03-02T11:00:00Z')
    await verify(person)

    assert.equal((await logIn(app, stage.organization, EMAIL)).body.user.id, person.id)
    assert.equal((await app.get(`/appointments/${appointment.id}`, { token: person.token })).status, 200)
    assert.deepEqual((await clientsOf(stage)).toSorted(), [known.id, person.id].toSorted())
  })

  it('stays apart from a person who is more than a client', async () => {
    const stage = await newOrganization(app)
    await writtenDown(stage)
    const person = await signedUp(stage)
    const asking = { token: stage.admin.token, body: { roles: ['client', 'provider'] } }
    await app.request('PATCH', `/users/${person.id}`, asking)
    await verify(person)
    assert.equal((await logIn(app, stage.organization, EMAIL)).body.user.id, person.id)
  })

  it('is left to people where two have the address', async () => {
    const stage = await newOrganization(app)
    await writtenDown(stage)
    await writtenDown(stage)
    const person = await signedUp(stage)
    await verify(person)
    assert.equal((await logIn(app, stage.organization, EMAIL)).body.user.id, person.id)
  })

  it('of another organization is not touched', async () => {
    const stage = await newOrganization(app)
    const other = await newOrganization(app)
    const known = await writtenDown(other)
    const person = await signedUp(stage)
    await verify(person)
    assert.equal((await logIn(app, stage.organization, EMAIL)).body.user.id, person.id)
    assert.deepEqual(await clientsOf(other), [known.id])
  })
})
