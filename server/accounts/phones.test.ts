import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { type Answer, startApp } from '../../test/app.ts'
import { newClient, newOrganization, newPerson, type Stage, visiting } from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

const phone = '+441632960001'
let count = 0

const arrange = (one_person_per_phone = true) => newOrganization(app, { rules: { one_person_per_phone } })

/** Each way in which somebody comes to have a phone. */
const ways: Record<string, (stage: Stage, phone: string) => Promise<Answer>> = {
  'signing up': ({ organization }, phone) => {
    const body = { name: 'Ada', email: `ada${++count}@example.com`, password: 'Correct-Horse-9', phone }
    return app.post('/auth/register', { headers: visiting(organization), body })
  },
  'an account that an administrator makes': ({ admin }, phone) => {
    const body = { name: 'Ada', email: `ada${++count}@example.com`, roles: ['client'], phone }
    return app.post('/users', { token: admin.token, body })
  },
  'an account that an administrator changes': async (stage, phone) => {
    const { id } = await newClient(app, stage)
    return app.request('PATCH', `/users/${id}`, { token: stage.admin.token, body: { phone } })
  },
  'one’s own profile': async (stage, phone) => {
    const { token } = await newPerson(app, stage.organization, ['provider'])
    return app.request('PATCH', '/users/me', { token, body: { phone } })
  },
  'a client whom the desk writes down': ({ admin }, phone) =>
    app.post('/clients', { token: admin.token, body: { name: 'Ada', phone } }),
  'a client who is changed': async (stage, phone) => {
    const { id, token } = await newClient(app, stage)
    return app.request('PATCH', `/clients/${id}`, { token, body: { phone } })
  },
  'a provider who is added': ({ admin }, phone) =>
    app.post('/providers', { token: admin.token, body: { name: 'Ada', phone } }),
}

describe('a phone that is one person’s', () => {
  for (const [way, give] of Object.entries(ways)) {
    it(`is refused to anybody else: ${way}`, async () => {
      const stage = await arrange()
      assert.ok((await give(stage, phone)).status < 300)
      const { status, body } = await give(stage, phone)
      assert.deepEqual([status, body.code], [409, 'phone_taken'])
      assert.ok((await give(stage, '+441632960002')).status < 300)
    })
  }

  it('may be said again by whose it is, and is free once they have another', async () => {
    const stage = await arrange()
    const [ada, ben] = [await newClient(app, stage), await newClient(app, stage)]
    const change = (who: { token: string }, to: string) =>
      app.request('PATCH', '/users/me', { ...who, body: { phone: to } })
    for (const [who, to, status] of [
      [ada, phone, 200],
      [ada, phone, 200],
      [ben, phone, 409],
      [ada, '+441632960002', 200],
      [ben, phone, 200],
    ] as const) {
      assert.equal((await change({ token: who.token }, to)).status, status)
    }
  })

  it('does not keep somebody from signing up whom the desk wrote down with the same address', async () => {
    const stage = await arrange()
    const { token } = stage.admin
    const written = { name: 'Ada', email: 'ada@example.com', phone }
    assert.equal((await app.post('/clients', { token, body: written })).status, 201)
    const headers = visiting(stage.organization)
    const signUp = (email: string) =>
      app.post('/auth/register', { headers, body: { ...written, email, password: 'Correct-Horse-9' } })
    assert.equal((await signUp('thief@example.com')).status, 409)
    assert.equal((await signUp('ADA@example.com')).status, 201)
  })

  it('says nothing of which addresses are known', async () => {
    const stage = await arrange()
    const known = await newClient(app, stage)
    await app.request('PATCH', '/users/me', { token: known.token, body: { phone } })
    const headers = visiting(stage.organization)
    for (const email of [known.email, 'nobody-yet@example.com']) {
      const body = { name: 'Ada', email, password: 'Correct-Horse-9', phone }
      assert.equal((await app.post('/auth/register', { headers, body })).status, 409)
    }
  })

  it('is one person’s of eight who want it at once', async () => {
    const stage = await arrange()
    const everybody = await Promise.all(Array.from({ length: 8 }, () => newClient(app, stage)))
    const answers = await Promise.all(
      everybody.map(({ token }) => app.request('PATCH', '/users/me', { token, body: { phone } })),
    )
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array(7).fill(409)])
  })

  it('may be many people’s where the organization has no such rule', async () => {
    const stage = await arrange(false)
    for (let time = 0; time < 2; time++) {
      const answer = await ways['a client whom the desk writes down']!(stage, phone)
      assert.equal(answer.status, 201)
    }
  })
})
