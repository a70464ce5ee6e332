import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, type Person } from '../../test/cast.ts'
import {
  book,
  isFailure,
  newApproved,
  newBranch,
  newCitizen,
  newMember,
  newOffices,
  newVisit,
  type Offices,
  TUESDAY,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

interface Visit {
  id: string
  status: string
}

describe('the list of visits', () => {
  it('is by date and time, with the citizen, the host and the office of each', async () => {
    const offices = await newOffices(app)
    const { api, host, office, secretary } = offices
    const late = await newVisit(offices, { time_slotted: '11:00' })
    const nextDay = await newVisit(offices, { appointment_date: '2027-03-03', time_slotted: '09:00' })
    const early = await newVisit(offices, { time_slotted: '09:30' })
    const { status, body } = await api.get('/appointments', secretary)
    assert.deepEqual([status, body], [200, [early, late, nextDay]])
    for (const visit of body) {
      assert.equal(visit.citizen.id, visit.citizen_id)
      assert.deepEqual(visit.host, { id: host.id, name: host.name })
      assert.deepEqual(visit.office, { id: office.id, name: office.name })
    }
  })

  it('has those of the offices one works for, all for administrators, and a user’s own', async () => {
    const offices = await newOffices(app)
    const { stage, api, admin, office } = offices
    const branch = await newBranch(app, offices)
    const [user, stranger] = [await newClient(app, stage), await newClient(app, stage)]
    const here = await newVisit(offices, { time_slotted: '09:00' })
    const there = await newVisit(branch)
    const own = (await book(branch, user, { time_slotted: '11:00' })).body.appointment
    const colleague = await newMember(app, stage, office, 'provider')
    const table: [Person, Visit[]][] = [
      [offices.host, [here]],
      [colleague, [here]],
      [offices.secretary, [here]],
      [offices.receptionist, [here]],
      [branch.host, [there, own]],
      [branch.secretary, [there, own]],
      [branch.receptionist, [there, own]],
      [admin, [here, there, own]],
      [user, [own]],
      [stranger, []],
    ]
    for (const [who, expected] of table) {
      const { status, body } = await api.get('/appointments', who)
      assert.deepEqual([status, body], [200, expected], who.name)
    }
    assert.deepEqual((await api.get(`/appointments?office_id=${office.id}`, admin)).body, [here])
    isFailure(await api.get('/appointments'), 401)
  })

  it('covers both offices of somebody who works at two', async () => {
    const offices = await newOffices(app)
    const branch = await newBranch(app, offices)
    await offices.api.post(`/offices/${branch.office.id}/memberships`, offices.admin, {
      user_id: offices.receptionist.id,
    })
    const both = [await newVisit(offices), await newVisit(branch, { time_slotted: '11:00' })]
    assert.deepEqual((await offices.api.get('/appointments', offices.receptionist)).body, both)
  })

  it('can be asked by status, also called decision', async () => {
    const { offices, visits } = await oneOfEach()
    for (const [status, visit] of Object.entries(visits)) {
      for (const name of ['status', 'by_decision']) {
        assert.deepEqual(await listed(offices, { [name]: status }), [visit], `${name}=${status}`)
      }
    }
  })

  it('can be asked for what is completed, or for what is still open', async () => {
    const { offices, visits } = await oneOfEach()
    const { pending, approved, postponed, completed } = visits
    assert.deepEqual(await listed(offices, { completed: 'true' }), [completed])
    const open = [pending!, approved!, postponed!].map(({ id }) => id)
    const still = await listed(offices, { completed: 'false' })
    assert.deepEqual(still.map(({ id }) => id).toSorted(), open.toSorted())
  })

  it('can be asked by date, by slot, and by part of a name, a phone or an address', async () => {
    const offices = await newOffices(app)
    const vera = newCitizen({ firstname: 'Vera', lastname: 'Visitor', email: 'v.visitor@example.com' })
    const one = await newVisit(offices, { time_slotted: '09:00' }, vera)
    const two = await newVisit(offices, { appointment_date: '2027-03-03', time_slotted: '09:00' })
    const three = await newVisit(offices, { appointment_date: '2027-03-03', time_slotted: '09:30' })
    const table: [Record<string, string>, object[]][] = [
      [{ by_date: TUESDAY }, [one]],
      [{ by_date: '2027-03-03T00:00:00' }, [two, three]],
      [{ by_date: '2027-03-04' }, []],
      [{ by_time_slot: '09:00' }, [one, two]],
      [{ by_time_slot: '9:00' }, [one, two]],
      [{ by_time_slot: '09:30-09:45' }, [three]],
      [{ by_date: '2027-03-03', by_time_slot: '09:00:00' }, [two]],
      [{ search: 'vera' }, [one]],
      [{ search: 'VISIT' }, [one]],
      [{ search: 'Vera Vis' }, [one]],
      [{ search: vera.phone.slice(4) }, [one]],
      [{ search: 'v.visitor@' }, [one]],
      [{ search: '%' }, []],
      [{ search: 'vera', by_date: '2027-03-03' }, []],
    ]
    for (const [wanted, expected] of table) {
      assert.deepEqual(await listed(offices, wanted), expected, JSON.stringify(wanted))
    }
  })

  it('comes in parts, where so many are asked for', async () => {
    const offices = await newOffices(app)
    const all = []
    for (const time_slotted of ['09:00', '09:15', '09:30']) {
      all.push(await newVisit(offices, { time_slotted }))
    }
    assert.deepEqual(await listed(offices, { limit: '2' }), all.slice(0, 2))
    assert.deepEqual(await listed(offices, { limit: '2', offset: '2' }), all.slice(2))
    assert.deepEqual(await listed(offices, { offset: '3' }), [])
  })

  it('is refused for words that it does not know', async () => {
    const { api, host } = await newOffices(app)
    for (const query of [
      'status=maybe',
      'by_date=soon',
      'by_date=2027-02-30',
      'by_time_slot=noon',
      'limit=0',
    ]) {
      isFailure(await api.get(`/appointments?${query}`, host), 422)
    }
  })
})

describe('the search at the door', () => {
  it('finds who is expected by name, phone or address, and nobody whose visit is not approved', async () => {
    const { offices, visits } = await oneOfEach()
    const { api, receptionist } = offices
    const citizen = newCitizen({ firstname: 'Vera', lastname: 'Visitor', email: 'v.visitor@example.com' })
    const vera = await newApproved(offices, { time_slotted: '11:30' }, citizen)
    const { body } = await api.get('/appointments/gates/search?search=number', receptionist)
    assert.deepEqual(body, [visits.approved])
    for (const search of ['vera', 'Visitor', encodeURIComponent(citizen.phone), 'v.visitor@example.com']) {
      const found = await api.get(`/appointments/gates/search?search=${search}`, receptionist)
      assert.deepEqual([found.status, found.body], [200, [vera]], search)
    }
  })

  it('is for those who work at an office, and finds only who comes there', async () => {
    const offices = await newOffices(app)
    const { stage, api, admin, office, host, secretary, receptionist } = offices
    const branch = await newBranch(app, offices)
    const [here, there] = [await newApproved(offices), await newApproved(branch, { time_slotted: '11:00' })]
    const table: [Person | undefined, number, object[]][] = [
      [receptionist, 200, [here]],
      [secretary, 200, [here]],
      [host, 200, [here]],
      [branch.receptionist, 200, [there]],
      [admin, 200, [here, there]],
      [await newClient(app, stage), 403, []],
      [undefined, 401, []],
    ]
    for (const [who, status, expected] of table) {
      const answer = await api.get('/appointments/gates/search?search=citizen', who)
      assert.equal(answer.status, status, String(who?.name))
      if (status === 200) assert.deepEqual(answer.body, expected, String(who?.name))
    }
    const narrowed = await api.get(`/appointments/gates/search?search=citizen&office_id=${office.id}`, admin)
    assert.deepEqual(narrowed.body, [here])
  })
})

async function listed({ api, receptionist }: Offices, wanted: Record<string, string>): Promise<Visit[]> {
  const { status, body } = await api.get(`/appointments?${new URLSearchParams(wanted)}`, receptionist)
  assert.equal(status, 200, JSON.stringify(body))
  return body
}

/** Visits that have come to each state. */
async function oneOfEach() {
  const offices = await newOffices(app)
  const { api, host } = offices
  const at = (time_slotted: string) => ({ time_slotted })
  const approved = (time: string) => newApproved(offices, at(time))
  const later = { new_appointment_date: '2027-03-03', new_time_slot: '09:00' }
  const steps: [string, Visit, string, object?][] = [
    ['denied', await newVisit(offices, at('09:00')), 'decision', { decision: 'denied' }],
    ['postponed', await approved('09:15'), 'postpone', later],
    ['completed', await approved('09:30'), 'complete'],
    ['cancelled', await newVisit(offices, at('09:45')), 'cancel'],
    ['no_show', await approved('10:00'), 'no-show'],
  ]
  const visits: Record<string, Visit> = {
    pending: await newVisit(offices, at('10:15')),
    approved: await approved('10:30'),
  }
  for (const [status, { id }, step, body] of steps) {
    const answer = await api.post(`/appointments/${id}/${step}`, host, body)
    assert.deepEqual([answer.status, answer.body.status], [200, status])
    visits[status] = answer.body
  }
  return { offices, visits }
}
