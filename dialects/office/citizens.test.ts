import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient } from '../../test/cast.ts'
import {
  book,
  isFailure,
  newBranch,
  newCitizen,
  newOffices,
  newVisit,
  type Offices,
  TUESDAY,
  visitOf,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the citizen of a visit', () => {
  it('is found by their phone, in whatever way it is written, and stays who they were', async () => {
    const offices = await newOffices(app)
    const { admin } = offices
    const known = newCitizen({ phone: '+441632960999', email: 'first@example.com' })
    const first = await newVisit(offices, { time_slotted: '09:00' }, known)
    const spellings = ['+441632960999', '+44 1632 960 999', '+44 (1632) 960-999', '+44.1632/960999']
    for (const [n, phone] of spellings.entries()) {
      const wanted = { time_slotted: `1${n % 2}:${n < 2 ? '00' : '30'}` }
      const said = newCitizen({ phone, firstname: 'Someone', email: 'else@example.com' })
      const again = await newVisit(await newBranch(app, offices), wanted, said)
      assert.deepEqual([again.citizen_id, again.citizen], [first.citizen_id, first.citizen], phone)
    }
    assert.equal((await app.get('/clients', { token: admin.token })).body.items.length, 1)
  })

  it('may be a user, who then sees the visit among their own', async () => {
    const offices = await newOffices(app)
    const { stage, api, admin } = offices
    const user = await newClient(app, stage)
    const change = await api.patch(`/admin/users/${user.id}`, admin, { phone: '+44 1632 960998' })
    assert.equal(change.status, 200)
    const visit = await newVisit(offices, {}, newCitizen({ phone: '+441632960998' }))
    assert.equal(visit.citizen_id, user.id)
    assert.deepEqual((await api.get('/appointments', user)).body, [visit])
  })

  it('is written down where nobody has that phone, also with an address that somebody else has', async () => {
    const offices = await newOffices(app)
    const { email } = await newClient(app, offices.stage)
    const said = newCitizen({ firstname: 'Anna Maria', lastname: 'de la Cruz', email })
    const { citizen, citizen_id } = await newVisit(offices, {}, said)
    assert.deepEqual(citizen, { id: citizen_id, ...said })
    const without = await newVisit(offices, { time_slotted: '11:00' })
    assert.equal(without.citizen.email, null)
    assert.notEqual(without.citizen_id, citizen_id)
  })

  it('is not looked for in another authority', async () => {
    const [one, other] = [await newOffices(app), await newOffices(app)]
    const citizen = newCitizen()
    const ids = [await newVisit(one, {}, citizen), await newVisit(other, {}, citizen)]
    assert.notEqual(ids[0].citizen_id, ids[1].citizen_id)
  })

  it('has one open appointment at an office, and may have more at others', async () => {
    const offices = await newOffices(app)
    const { receptionist, host } = offices
    const citizen = newCitizen()
    await newVisit(offices, {}, citizen)
    for (const who of [receptionist, host]) {
      isFailure(await book(offices, who, { time_slotted: '11:00' }, citizen), 400, /at this office already/)
    }
    await newVisit(await newBranch(app, offices), { time_slotted: '11:00' }, citizen)
  })

  for (const [how, close] of Object.entries<(offices: Offices, id: string) => Promise<unknown>>({
    denied: ({ api, host }, id) => api.post(`/appointments/${id}/decision`, host, { decision: 'denied' }),
    cancelled: ({ api, host }, id) => api.delete(`/appointments/${id}`, host),
    'marked as missed': ({ api, host }, id) => api.post(`/appointments/${id}/no-show`, host),
    completed: async ({ api, host }, id) => {
      await api.post(`/appointments/${id}/decision`, host, { decision: 'approved' })
      return api.post(`/appointments/${id}/complete`, host)
    },
    over: async () => app.setClock(`${TUESDAY}T10:15:00Z`),
  })) {
    it(`may have another appointment at the office once the first is ${how}`, async () => {
      const offices = await newOffices(app)
      const citizen = newCitizen()
      const { id } = await newVisit(offices, {}, citizen)
      const early = await book(offices, offices.host, { time_slotted: '11:00' }, citizen)
      await close(offices, id)
      const late = await book(offices, offices.host, { time_slotted: '11:00' }, citizen)
      assert.deepEqual([early.status, late.status], [400, 201], JSON.stringify(late.body))
    })
  }

  it('has to be named by the desk, with a phone', async () => {
    const offices = await newOffices(app)
    const { api, receptionist } = offices
    const table: [object | undefined, RegExp][] = [
      [undefined, /^citizen is missing\.$/],
      [newCitizen({ phone: undefined }), /^citizen\.phone is missing\.$/],
      [newCitizen({ phone: ' () ' }), /^citizen\.phone is missing\.$/],
      [newCitizen({ phone: '0163 296' }), /^citizen\.phone must be \+ and 8 to 15 digits/],
      [newCitizen({ firstname: undefined }), /^citizen\.firstname is missing\.$/],
      [newCitizen({ lastname: '' }), /^citizen\.lastname must/],
      [newCitizen({ email: 'nowhere' }), /^citizen\.email must/],
    ]
    for (const [citizen, sentence] of table) {
      const body = { citizen, appointment: visitOf(offices) }
      isFailure(await api.post('/appointments', receptionist, body), 422, sentence)
    }
    assert.deepEqual((await api.get('/appointments', receptionist)).body, [])
  })
})
