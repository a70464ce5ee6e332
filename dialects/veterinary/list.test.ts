import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newLocation, type Person, worksAt } from '../../test/cast.ts'
import {
  isFailure,
  newMember,
  newOwner,
  newPet,
  newPractice,
  newVisit,
  type Practice,
  TUESDAY,
} from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

/** Four visits: of two pets of one owner and of a stranger's, with two vets at two clinics, on three days. */
async function arrange() {
  const practice = await newPractice(app)
  const { stage, owner, api, vet } = practice
  const branch = await newLocation(app, stage)
  const second = { vet: await newMember(app, stage, branch, 'provider'), clinic: branch }
  const cat = await newPet(app, stage, owner)
  const other = await newOwner(app, stage)
  const on = (day: string) => ({ scheduled_at: `${day}T10:00:00Z` })
  const today = await newVisit(practice, { scheduled_at: '2027-03-01T12:00:00Z', priority: 'urgent' })
  const confirmed = await newVisit({ ...practice, pet: cat }, { ...on(TUESDAY), reason: 'Eats 100% less' })
  await api.post(`/appointments/${confirmed.id}/confirm`, vet)
  const dental = { appointment_type: 'dental', ...on('2027-03-03') }
  const cancelled = await newVisit({ ...practice, ...second }, dental)
  await api.post(`/appointments/${cancelled.id}/cancel`, owner)
  const theirs = await newVisit({ ...practice, ...other }, on('2027-03-04'))
  const visits = { today, confirmed, cancelled, theirs }
  return {
    ...practice,
    branch,
    second,
    cat,
    other,
    visits,
    desk: await newMember(app, stage, branch, 'reception'),
  }
}

describe('the list of appointments', () => {
  let all: Awaited<ReturnType<typeof arrange>>
  before(async () => {
    app.setClock(MONDAY)
    all = await arrange()
  })
  const list = async (who: Person, query: object = {}) => {
    const search = new URLSearchParams(query as Record<string, string>)
    return (all as Practice).api.get(`/appointments?${search}`, who)
  }
  /** The names that this file has for what is listed. */
  const named = async (who: Person, query: object = {}) => {
    const { status, body } = await list(who, query)
    assert.equal(status, 200, JSON.stringify(body))
    const names = Object.entries(all.visits).map(([name, { id }]) => [id, name])
    const known = Object.fromEntries(names) as Record<string, string>
    return body.data.appointments.map(({ id }: { id: string }) => known[id]!)
  }

  it('shows each what is theirs, by time', async () => {
    const { owner, vet, second, receptionist, desk, admin, other } = all
    assert.deepEqual(await named(admin), ['today', 'confirmed', 'cancelled', 'theirs'])
    assert.deepEqual(await named(owner), ['today', 'confirmed', 'cancelled'])
    assert.deepEqual(await named(other.owner), ['theirs'])
    assert.deepEqual(await named(vet), ['today', 'confirmed', 'theirs'])
    assert.deepEqual(await named(second.vet), ['cancelled'])
    assert.deepEqual(await named(receptionist), ['today', 'confirmed', 'theirs'])
    assert.deepEqual(await named(desk), ['cancelled'])
    isFailure(await all.api.get('/appointments'), 401)
  })

  it('keeps to each filter', async () => {
    const { admin, cat, owner, vet, branch } = all
    const expected: [object, string[]][] = [
      [{ pet_id: cat.id }, ['confirmed']],
      [{ pet_owner_id: owner.id }, ['today', 'confirmed', 'cancelled']],
      [{ veterinarian_id: vet.id }, ['today', 'confirmed', 'theirs']],
      [{ clinic_id: branch.id }, ['cancelled']],
      [{ status: 'scheduled' }, ['today', 'theirs']],
      [{ status: 'confirmed' }, ['confirmed']],
      [{ status: 'cancelled' }, ['cancelled']],
      [{ status: 'rescheduled' }, []],
      [{ appointment_type: 'dental' }, ['cancelled']],
      [{ appointment_type: 'grooming' }, []],
      [{ priority: 'urgent' }, ['today']],
      [{ priority: 'normal' }, ['confirmed', 'cancelled', 'theirs']],
      [{ start_date: TUESDAY }, ['confirmed', 'cancelled', 'theirs']],
      [{ end_date: TUESDAY }, ['today', 'confirmed']],
      [{ start_date: TUESDAY, end_date: '2027-03-03T10:00:00Z' }, ['confirmed']],
      [{ upcoming_only: 'true' }, ['today', 'confirmed', 'theirs']],
      [{ upcoming_only: 'true', status: 'cancelled' }, []],
      [{ today_only: 'true' }, ['today']],
      [{ search: '100%' }, ['confirmed']],
      [{ search: all.other.pet.name.toUpperCase() }, ['theirs']],
      [{ search: 'nothing of the kind' }, []],
      [{ veterinarian_id: vet.id, status: 'scheduled', start_date: TUESDAY }, ['theirs']],
    ]
    for (const [query, names] of expected) {
      assert.deepEqual(await named(admin, query), names, JSON.stringify(query))
    }
  })

  it('leaves out of what is upcoming what has begun', async () => {
    app.setClock('2027-03-01T12:00:01Z')
    assert.deepEqual(await named(all.admin, { upcoming_only: 'true' }), ['confirmed', 'theirs'])
  })

  it('comes page by page, and says how many there are', async () => {
    const { admin } = all
    const pageOf = async (query: object) => {
      const { appointments, ...page } = (await list(admin, query)).body.data
      return [appointments.length, page]
    }
    const four = { total: 4, page: 1, per_page: 10, total_pages: 1 }
    assert.deepEqual(await pageOf({}), [4, four])
    assert.deepEqual(await pageOf({ page: '2', per_page: '3' }), [
      1,
      { ...four, page: 2, per_page: 3, total_pages: 2 },
    ])
    assert.deepEqual(await pageOf({ page: '9' }), [0, { ...four, page: 9 }])
    const none = { status: 'rescheduled' }
    assert.deepEqual(await pageOf(none), [0, { ...four, total: 0, total_pages: 0 }])
  })

  it('refuses what is no page, no filter of this list, and no date', async () => {
    for (const wrong of [
      { page: '0' },
      { per_page: '101' },
      { per_page: '0' },
      { status: 'done' },
      { pet_id: 'rex' },
      { start_date: '2027-02-30' },
      { upcoming_only: 'maybe' },
    ]) {
      isFailure(await list(all.admin, wrong), 422, new RegExp(Object.keys(wrong)[0]!))
    }
  })

  it('is of both clinics for whoever works at both', async () => {
    await worksAt(app, all.stage, all.desk, all.clinic)
    assert.deepEqual(await named(all.desk), ['today', 'confirmed', 'cancelled', 'theirs'])
  })
})
