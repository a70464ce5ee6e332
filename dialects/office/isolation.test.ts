import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import { newCitizen, newMember, newOffice, newOffices, newVisit, TUESDAY, visitOf } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

describe('whoever works for one office', () => {
  for (const role of ['provider', 'secretary', 'reception'] as const) {
    it(`neither sees nor touches what another has: its ${role === 'provider' ? 'host' : role}`, async () => {
      const { api, stage, admin, here, there } = await arrange()
      const person = await newMember(app, stage, here.office, role)
      const { id } = await newVisit(there)
      const own = await newVisit(here)
      const { body: before } = await api.get(`/appointments/${id}`, admin)
      assert.deepEqual(await visitsOf(api, person), [own.id])
      assert.deepEqual(await visitsOf(api, person, `&office_id=${there.office.id}`), [])
      const later = { new_appointment_date: TUESDAY, new_time_slot: '11:00' }
      const hours = { daysofweek: 'TUESDAY', start_time: '09:00', end_time: '10:00' }
      const booking = { citizen: newCitizen(), appointment: visitOf(there, { time_slotted: '11:30' }) }
      const answers = [
        await api.get(`/appointments/${id}`, person),
        await api.patch(`/appointments/${id}`, person, { purpose: 'Mine' }),
        await api.delete(`/appointments/${id}`, person),
        await api.post(`/appointments/${id}/decision`, person, { decision: 'approved' }),
        await api.post(`/appointments/${id}/postpone`, person, later),
        await api.post(`/appointments/${id}/reschedule`, person, later),
        await api.post(`/appointments/${id}/complete`, person),
        await api.post('/appointments', person, booking),
        await api.get(`/availability/hosts/${there.office.id}`, person),
        await api.post(`/availability/hosts/${there.office.id}`, person, hours),
      ]
      for (const [index, { status }] of answers.entries()) {
        assert.ok(status === 403 || status === 404, `${index}: ${status}`)
      }
      assert.deepEqual((await api.get(`/appointments/${id}`, admin)).body, before)
      assert.deepEqual(await visitsOf(api, admin, `&office_id=${there.office.id}`), [id])
    })
  }

  it('acts for both once they belong to both', async () => {
    const { api, admin, here, there } = await arrange()
    const { secretary } = here
    const visits = [await newVisit(here), await newVisit(there)]
    await api.post(`/offices/${there.office.id}/memberships`, admin, { user_id: secretary.id })
    assert.deepEqual((await visitsOf(api, secretary)).toSorted(), visits.map(({ id }) => id).toSorted())
    for (const { id } of visits) {
      const decided = await api.post(`/appointments/${id}/decision`, secretary, { decision: 'approved' })
      assert.deepEqual([decided.status, decided.body.status], [200, 'approved'])
    }
  })
})

describe('a citizen', () => {
  it('may have an appointment at each of two offices, but not at the same time', async () => {
    const { here, there } = await arrange()
    const citizen = newCitizen()
    await newVisit(here, {}, citizen)
    const appointment = visitOf(there)
    const same = await there.api.post('/appointments', there.receptionist, { citizen, appointment })
    assert.equal(same.status, 409)
    await newVisit(there, { time_slotted: '10:15' }, citizen)
  })
})

type Api = Awaited<ReturnType<typeof newOffices>>['api']

async function visitsOf(api: Api, person: Person, query = ''): Promise<string[]> {
  const { status, body } = await api.get(`/appointments?limit=100${query}`, person)
  assert.equal(status, 200)
  return body.map(({ id }: { id: string }) => id)
}

/** Two offices of one authority, each with its own staff. */
async function arrange() {
  const here = await newOffices(app)
  const { api, stage, admin } = here
  const office = await newOffice(app, stage)
  const there = {
    api,
    office,
    host: await newMember(app, stage, office, 'provider'),
    receptionist: await newMember(app, stage, office, 'reception'),
  }
  return { api, stage, admin, here, there }
}
