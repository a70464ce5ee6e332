import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newClient, type Person } from '../../test/cast.ts'
import { isFailure, newMember, newOffice, newOffices, newVisit, type Offices } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the statistics of an office', () => {
  it('are all zero where nobody works and nothing has been', async () => {
    const { api, stage, admin } = await newOffices(app)
    const office = await newOffice(app, stage)
    const { status, body } = await api.get(`/offices/${office.id}/stats`, admin)
    assert.deepEqual(
      [status, body],
      [200, { ...named(office), ...members([0, 0, 0, 0]), ...visits([0, 0, 0]) }],
    )
  })

  it('count who works there and who has, and the hosts among them', async () => {
    const { api, stage, admin, office } = await newOffices(app)
    const gone = await newMember(app, stage, office, 'provider')
    await newMember(app, stage, office, 'secretary')
    await api.delete(`/offices/${office.id}/memberships/${gone.id}`, admin)
    const { body } = await api.get(`/offices/${office.id}/stats`, admin)
    assert.deepEqual(body, { ...named(office), ...members([5, 4, 2, 1]), ...visits([0, 0, 0]) })
  })

  it('count every appointment, those that wait, and those that have taken place', async () => {
    const offices = await newOffices(app)
    const { api, admin, office } = offices
    await visitsInEveryState(offices)
    const { body } = await api.get(`/offices/${office.id}/stats`, admin)
    assert.deepEqual(body, { ...named(office), ...members([3, 3, 1, 1]), ...visits([7, 2, 1]) })
  })

  it('are those of each office by itself, and told of all of them by name', async () => {
    const offices = await newOffices(app)
    const { api, stage, admin, office } = offices
    const other = await newOffice(app, stage)
    const removed = await newOffice(app, stage)
    const host = await newMember(app, stage, other, 'provider')
    const receptionist = await newMember(app, stage, other, 'reception')
    await newVisit({ api, office: other, host, receptionist })
    await visitsInEveryState(offices)
    await api.delete(`/offices/${removed.id}`, admin)
    const { status, body } = await api.get('/offices/stats/all', admin)
    assert.equal(status, 200)
    const first = await firstOffice(offices)
    assert.deepEqual(
      body,
      [
        { ...named(office), ...members([3, 3, 1, 1]), ...visits([7, 2, 1]) },
        { ...named(other), ...members([2, 2, 1, 1]), ...visits([1, 1, 0]) },
        { ...named(first), ...members([0, 0, 0, 0]), ...visits([0, 0, 0]) },
      ].toSorted((one, two) => (one.office_name < two.office_name ? -1 : 1)),
    )
    isFailure(await api.get(`/offices/${removed.id}/stats`, admin), 404)
  })

  it('are for administrators alone', async () => {
    const { api, stage, office, host, secretary, receptionist } = await newOffices(app)
    const table: [string, Person | undefined, number][] = [
      ['a visitor', undefined, 401],
      ['a user', await newClient(app, stage), 403],
      ['a host', host, 403],
      ['a secretary', secretary, 403],
      ['the reception', receptionist, 403],
    ]
    for (const [who, person, expected] of table) {
      assert.equal((await api.get(`/offices/${office.id}/stats`, person)).status, expected, who)
      assert.equal((await api.get('/offices/stats/all', person)).status, expected, who)
    }
  })
})

/** One visit in each of the seven states that there are. */
async function visitsInEveryState(offices: Offices): Promise<void> {
  const { api, host, admin } = offices
  const ids: string[] = []
  for (const time_slotted of ['09:00', '09:15', '09:30', '09:45', '10:00', '10:15', '10:30']) {
    ids.push((await newVisit(offices, { time_slotted })).id)
  }
  const [, postponed, , denied, cancelled, completed, missed] = ids as [string, ...string[]]
  const approved = ids.slice(1).filter((id) => id !== denied && id !== cancelled)
  const later = { new_appointment_date: '2027-03-03', new_time_slot: '11:00' }
  const steps: [string | undefined, string, object?][] = [
    ...approved.map((id): [string, string, object] => [id, 'decision', { decision: 'approved' }]),
    [denied, 'decision', { decision: 'denied' }],
    [postponed, 'postpone', later],
    [cancelled, 'cancel'],
    [completed, 'complete'],
  ]
  for (const [id, step, body] of steps) {
    const answer = await api.post(`/appointments/${id}/${step}`, host, body)
    assert.equal(answer.status, 200, `${step}: ${JSON.stringify(answer.body)}`)
  }
  app.setClock('2027-03-02T11:00:00Z')
  assert.equal((await api.post(`/appointments/${missed}/no-show`, host)).status, 200)
  const { body } = await api.get('/appointments', admin)
  const states = ids.map((id) => body.find((one: { id: string }) => one.id === id).status)
  const all = ['pending', 'postponed', 'approved', 'denied', 'cancelled', 'completed', 'no_show']
  assert.deepEqual(states, all)
}

/** The office that an authority begins with. */
async function firstOffice({ api, admin, stage }: Offices): Promise<{ id: string; name: string }> {
  const { body } = await api.get('/offices', admin)
  return body.find(({ name }: { name: string }) => name === stage.organization.name)
}

const named = ({ id, name }: { id: string; name: string }) => ({ office_id: id, office_name: name })

const members = ([all, active, hosts, active_hosts]: [number, number, number, number]) => ({
  total_members: all,
  active_members: active,
  total_hosts: hosts,
  active_hosts,
})

const visits = ([all, pending, completed]: [number, number, number]) => ({
  total_appointments: all,
  pending_appointments: pending,
  completed_appointments: completed,
})
