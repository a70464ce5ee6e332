import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { allPages, startApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newPerson, newProvider, type Person } from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const app = await startApp()
after(() => app.stop())

const add = ({ token }: Person, body: object) =>
  app.post('/dependents', { token, body: { name: 'Kim', ...body } })
const change = ({ token }: Person, { id }: { id: string }, body: object) =>
  app.request('PATCH', `/dependents/${id}`, { token, body })
const get = ({ token }: Person, { id }: { id: string }) => app.get(`/dependents/${id}`, { token })
const setGuardian = (method: 'PUT' | 'DELETE', { token }: Person, child: Named, guardian: Named) =>
  app.request(method, `/dependents/${child.id}/guardians/${guardian.id}`, { token })
type Named = { id: string; name?: string }
type Shown = { id: string; name: string; guardians: { client_id: string }[] }

async function names({ token }: Person, query = ''): Promise<string[]> {
  return (await allPages<Shown>(app, `/dependents?limit=2${query}`, token)).map(({ name }) => name)
}
const guardiansOf = (one: Shown) => one.guardians.map(({ client_id }) => client_id)

describe('a dependent', () => {
  it('is written down by whoever is their guardian', async () => {
    const { mother } = await arrange()
    const told = { name: 'Kim', birth_date: '2017-02-28', details: { class: '4b' } }
    const { status, body } = await add(mother, told)
    assert.equal(status, 201)
    const { id, created_at, ...rest } = body
    const guardians = [{ client_id: mother.id, name: mother.name }]
    assert.deepEqual(rest, { ...told, notes: null, is_active: true, guardians })
    assert.equal(created_at, app.now().toString())
    assert.deepEqual((await get(mother, body)).body, body)
  })

  it('is written down by the desk for a client, with notes of its own', async () => {
    const { mother, desk } = await arrange()
    const { status, body } = await add(desk, { client_id: mother.id, notes: 'Shy' })
    assert.deepEqual([status, body.notes, guardiansOf(body)], [201, 'Shy', [mother.id]])
    assert.equal((await get(mother, body)).body.notes, null)
  })

  it('is nobody’s whom a client names instead of themself, nor of somebody who is no client', async () => {
    const { mother, father, desk, teacher } = await arrange()
    assert.equal(said(await add(mother, { client_id: father.id })), '403 not_allowed')
    assert.equal(said(await add(teacher, { client_id: father.id })), '403 not_allowed')
    for (const client_id of [teacher.id, '01890000-0000-7000-8000-000000000000']) {
      assert.equal(said(await add(desk, { client_id })), '404 not_found')
    }
    const nobodys = await add(desk, {})
    assert.deepEqual([said(nobodys), nobodys.body.errors[0].field], ['422 invalid_input', 'client_id'])
    assert.deepEqual(await names(desk, '&include_inactive=true'), [])
  })

  it('has the fields of the trade, checked, and changes what is named', async () => {
    const { mother } = await arrange()
    const wrong = await add(mother, { details: { class: 4, species: 'cat' } })
    assert.deepEqual([said(wrong), wrong.body.errors.length], ['422 invalid_input', 2])
    const before = (await add(mother, { birth_date: '2017-02-28', details: { class: '4b' } })).body
    assert.equal(said(await add(mother, { birth_date: '2017-02-29' })), '422 invalid_input')
    const after = (await change(mother, before, { name: 'Robin', details: { class: '5b' } })).body
    assert.deepEqual(after, { ...before, name: 'Robin', details: { class: '5b' } })
    assert.deepEqual((await change(mother, before, {})).body, after)
    assert.equal((await change(mother, before, { birth_date: null })).body.birth_date, null)
  })

  it('has notes that are the desk’s to write', async () => {
    const { mother, desk } = await arrange()
    const own = await add(mother, { notes: 'Mine' })
    assert.deepEqual([said(own), own.body.errors[0].field], ['422 invalid_input', 'notes'])
    const child = (await add(desk, { client_id: mother.id, notes: 'Shy' })).body
    assert.equal(said(await change(mother, child, { notes: null })), '422 invalid_input')
    assert.equal(said(await change(mother, child, { name: 'Robin' })), '200')
    assert.equal((await get(desk, child)).body.notes, 'Shy')
  })

  it('that is inactive is not booked, and listed only to whoever asks for such, too', async () => {
    const { mother, desk, teacher } = await arrange()
    const child = (await add(mother, {})).body
    assert.equal((await change(mother, child, { is_active: false })).body.is_active, false)
    assert.deepEqual([await names(mother), await names(mother, '&include_inactive=true')], [[], ['Kim']])
    const wanted = { provider_id: teacher.id, dependent_id: child.id, starts_at: '2027-03-02T10:00:00Z' }
    const details = { meeting_mode: 'online' }
    const refused = await book(app, mother, { ...wanted, details })
    assert.deepEqual([said(refused), refused.body.errors[0].field], ['422 invalid_input', 'dependent_id'])
    assert.equal(said(await change(mother, child, { is_active: true })), '422 invalid_input')
    assert.equal(said(await change(desk, child, { is_active: true })), '200')
    assert.equal(said(await book(app, mother, { ...wanted, details })), '201')
  })
})

describe('the guardians of a dependent', () => {
  it('are added and removed by the desk, and by nobody else', async () => {
    const { mother, father, desk, teacher } = await arrange()
    const child = (await add(mother, {})).body
    for (const who of [mother, father, teacher]) {
      assert.equal(said(await setGuardian('PUT', who, child, father)), '403 not_allowed')
      assert.equal(said(await setGuardian('DELETE', who, child, mother)), '403 not_allowed')
    }
    for (let n = 0; n < 2; n++) {
      const { status, body } = await setGuardian('PUT', desk, child, father)
      assert.deepEqual([status, guardiansOf(body).toSorted()], [200, [mother.id, father.id].toSorted()])
    }
    assert.equal(said(await get(father, child)), '200')
    assert.equal(said(await setGuardian('DELETE', desk, child, father)), '204')
    assert.equal(said(await setGuardian('DELETE', desk, child, father)), '404 not_found')
    assert.equal(said(await get(father, child)), '404 not_found')
    assert.equal(said(await get(mother, child)), '200')
  })

  it('see themselves among them, and learn nothing of each other', async () => {
    const { mother, father, desk } = await arrange()
    const child = (await add(mother, {})).body
    await setGuardian('PUT', desk, child, father)
    for (const [one, other] of [
      [mother, father],
      [father, mother],
    ] as const) {
      const answers = [await get(one, child), await change(one, child, {})]
      for (const { body } of answers) assert.deepEqual(guardiansOf(body), [one.id])
      const [listed] = await allPages<Shown>(app, '/dependents?limit=1', one.token)
      assert.deepEqual(guardiansOf(listed!), [one.id])
      assert.deepEqual(await names(one, `&client_id=${one.id}`), ['Kim'])
      assert.deepEqual(await names(one, `&client_id=${other.id}`), [])
    }
    assert.equal(guardiansOf((await get(desk, child)).body).length, 2)
    assert.deepEqual(await names(desk, `&client_id=${father.id}`), ['Kim'])
  })
})

describe('who knows of a dependent', () => {
  it('their guardians and the desk; another client does not', async () => {
    const { mother, father, desk } = await arrange()
    const child = (await add(mother, {})).body
    await add(father, { name: 'Alex' })
    assert.deepEqual(await names(mother), ['Kim'])
    assert.deepEqual(await names(father), ['Alex'])
    assert.deepEqual(await names(desk), ['Alex', 'Kim'])
    for (const answer of [await get(father, child), await change(father, child, { name: 'Mine' })]) {
      assert.equal(said(answer), '404 not_found')
    }
    assert.deepEqual(await names(father, '&search=Kim'), [])
    assert.equal((await get(mother, child)).body.name, 'Kim')
  })

  it('the providers to whom they come, who write down what they see', async () => {
    const { stage, mother, desk, teacher } = await arrange()
    const child = (await add(mother, {})).body
    const sibling = (await add(mother, { name: 'Robin' })).body
    assert.equal(said(await get(teacher, child)), '404 not_found')
    const wanted = { provider_id: teacher.id, dependent_id: child.id, starts_at: '2027-03-02T10:00:00Z' }
    const booked = await book(app, mother, { ...wanted, details: { meeting_mode: 'online' } })
    assert.equal(said(booked), '201')
    assert.deepEqual(await names(teacher), ['Kim'])
    assert.equal((await change(teacher, child, { notes: 'Reads well' })).body.notes, 'Reads well')
    assert.equal(said(await change(teacher, sibling, { notes: 'No' })), '404 not_found')
    assert.equal(said(await get(teacher, sibling)), '404 not_found')
    assert.deepEqual(await names(await newProvider(app, stage)), [])
    assert.equal(said(await get(desk, sibling)), '200')
  })

  it('nobody of another organization', async () => {
    const [here, there] = [await arrange(), await arrange()]
    const child = (await add(there.mother, {})).body
    for (const who of [here.desk, here.stage.admin, here.mother]) {
      assert.equal(said(await get(who, child)), '404 not_found')
    }
    const mine = (await add(here.mother, {})).body
    assert.equal(said(await setGuardian('PUT', here.desk, child, here.mother)), '404 not_found')
    assert.equal(said(await setGuardian('PUT', here.desk, mine, there.mother)), '404 not_found')
    assert.equal(said(await setGuardian('DELETE', here.desk, child, there.mother)), '404 not_found')
  })
})

it('dependents are found by a part of their name, which is nothing but text, page by page', async () => {
  const { mother, desk } = await arrange()
  for (const name of ['Zoe', '100%_\\', 'Adam', 'Zoe', 'Zoltan']) await add(mother, { name })
  const found = (text: string) => names(desk, `&search=${encodeURIComponent(text)}`)
  assert.deepEqual(await found('zo'), ['Zoe', 'Zoe', 'Zoltan'])
  for (const text of ['%', '_', '\\', '0%_\\']) assert.deepEqual(await found(text), ['100%_\\'], text)
  assert.deepEqual(await names(desk), ['100%_\\', 'Adam', 'Zoe', 'Zoe', 'Zoltan'])
})

async function arrange() {
  const stage = await newOrganization(app, { trade: 'school', rules: { grants: {} } })
  const [mother, father] = [await newClient(app, stage), await newClient(app, stage)]
  const desk = await newPerson(app, stage.organization, ['reception'])
  return { stage, mother, father, desk, teacher: await newProvider(app, stage) }
}
