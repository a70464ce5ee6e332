import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import {
  isFailure,
  newMeeting,
  newSchool,
  newSlot,
  newTeacher,
  NEXT_WEEK,
  type SchoolApi,
  slotOn,
  WEEK,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the list of slots', () => {
  it('can be asked for by teacher, by week and by whether they can be had, in any combination', async () => {
    const { api, parent, anna, ben, ids } = await newWeeks()
    const table: [string, string[]][] = [
      ['', [ids.monday, ids.tuesday, ids.ofBen, ids.sunday, ids.next]],
      [`teacher_id=${anna.id}`, [ids.monday, ids.tuesday, ids.sunday, ids.next]],
      [`teacher_id=${ben.id}`, [ids.ofBen]],
      [`teacher_id=${parent.id}`, []],
      [`week_start=${WEEK}`, [ids.monday, ids.tuesday, ids.ofBen, ids.sunday]],
      [`week_start=${NEXT_WEEK}`, [ids.next]],
      ['week_start=2027-02-22', []],
      ['available_only=true', [ids.monday, ids.ofBen, ids.sunday, ids.next]],
      ['available_only=false', [ids.monday, ids.tuesday, ids.ofBen, ids.sunday, ids.next]],
      [`teacher_id=${anna.id}&week_start=${WEEK}`, [ids.monday, ids.tuesday, ids.sunday]],
      [`teacher_id=${ben.id}&week_start=${NEXT_WEEK}`, []],
      [`teacher_id=${anna.id}&week_start=${WEEK}&available_only=true`, [ids.monday, ids.sunday]],
    ]
    for (const [query, expected] of table) {
      const { total, slots } = await listed(api, parent, query)
      assert.deepEqual(slots, expected, query)
      assert.equal(total, expected.length, query)
    }
  })

  it('comes in pages, each with how many there are in all', async () => {
    const { api, parent, anna, ids } = await newWeeks()
    const all = [ids.monday, ids.tuesday, ids.sunday, ids.next]
    const table: [string, number, number, string[]][] = [
      ['', 0, 100, all],
      ['skip=1', 1, 100, all.slice(1)],
      ['limit=3', 0, 3, all.slice(0, 3)],
      ['skip=1&limit=2', 1, 2, all.slice(1, 3)],
      ['skip=4', 4, 100, []],
      ['skip=400&limit=1000', 400, 1000, []],
    ]
    for (const [query, skip, limit, slots] of table) {
      const list = await listed(api, parent, `teacher_id=${anna.id}&${query}`)
      assert.deepEqual(list, { slots, total: 4, skip, limit }, query)
    }
  })

  it('has none that have begun among those that can be had', async () => {
    const { api, parent, anna, ids } = await newWeeks()
    app.setClock('2027-03-07T09:01:00Z')
    assert.deepEqual((await listed(api, parent, `teacher_id=${anna.id}&available_only=true`)).slots, [
      ids.next,
    ])
  })

  it('says what is wrong with what it is asked for', async () => {
    const { api, parent } = await newSchool(app)
    const wrong = ['week_start=2027-03-02', 'week_start=monday', 'week_start=2027-02-30', 'teacher_id=me']
    for (const query of [...wrong, 'skip=-1', 'limit=0', 'limit=1001', 'available_only=maybe']) {
      const answer = await api.get(`/slots?${query}`, parent)
      isFailure(answer, 422)
      assert.equal(answer.body.errors[0].field, query.split('=')[0], query)
    }
  })
})

describe('the schedule of a teacher', () => {
  it('is the week by its days, with how many slots can still be had', async () => {
    const { api, parent, anna, ids } = await newWeeks()
    const { status, body } = await api.get(`/slots/teacher/${anna.id}/schedule?week_start=${WEEK}`, parent)
    assert.equal(status, 200)
    const { slots_by_day, ...rest } = body
    assert.deepEqual(rest, {
      teacher_id: anna.id,
      week_start_date: WEEK,
      total_slots: 3,
      available_slots: 2,
      booked_slots: 1,
    })
    assert.deepEqual(idsByDay(slots_by_day), [[ids.monday], [ids.tuesday], [], [], [], [], [ids.sunday]])
    const { body: tuesday } = await api.get(`/slots/${ids.tuesday}`, parent)
    assert.deepEqual(slots_by_day[1], [tuesday])
    assert.deepEqual([tuesday.is_booked, tuesday.teacher.user.full_name], [true, anna.name])
  })

  it('without slots is empty', async () => {
    const { api, admin, teacher } = await newSchool(app)
    const { body } = await api.get(`/slots/teacher/${teacher.id}/schedule?week_start=${WEEK}`, admin)
    assert.deepEqual(idsByDay(body.slots_by_day), [[], [], [], [], [], [], []])
    assert.deepEqual([body.total_slots, body.available_slots, body.booked_slots], [0, 0, 0])
  })

  it('of a day has its slots by the clock, also those of the evening that are tomorrow’s in UTC', async () => {
    const { api, teacher } = await newSchool(app, { time_zone: 'America/New_York' })
    const late = await newSlot(api, teacher, slotOn(6, '20:00', '23:59:59'))
    const early = await newSlot(api, teacher, slotOn(6, '08:00', '08:30'))
    const { body } = await api.get(`/slots/teacher/${teacher.id}/schedule?week_start=${WEEK}`, teacher)
    assert.deepEqual(idsByDay(body.slots_by_day)[6], [early.id, late.id])
    assert.equal(body.slots_by_day[6][1].end_time, '23:59:59')
  })

  it('is of a week that its Monday names, and of a teacher', async () => {
    const { api, parent, teacher } = await newSchool(app)
    for (const query of ['', '?week_start=2027-03-03', '?week_start=now']) {
      const answer = await api.get(`/slots/teacher/${teacher.id}/schedule${query}`, parent)
      isFailure(answer, 422, /week_start/)
    }
    for (const id of [parent.id, crypto.randomUUID()]) {
      isFailure(await api.get(`/slots/teacher/${id}/schedule?week_start=${WEEK}`, parent), 404, /teacher/i)
    }
  })
})

/** Two weeks of Anna's, of which Tuesday is booked, and one slot of Ben's. */
async function newWeeks() {
  const { api, stage, parent, teacher: anna } = await newSchool(app)
  const ben = await newTeacher(app, stage)
  const slot = async (teacher: Person, ...at: Parameters<typeof slotOn>): Promise<string> =>
    (await newSlot(api, teacher, slotOn(...at))).id
  const ids = {
    next: await slot(anna, 0, '09:00', '09:30', NEXT_WEEK),
    tuesday: await slot(anna, 1, '09:00', '09:30'),
    monday: await slot(anna, 0, '09:00', '09:30'),
    sunday: await slot(anna, 6, '09:00', '09:30'),
    ofBen: await slot(ben, 1, '09:15', '09:45'),
  }
  await newMeeting(api, parent, { id: ids.tuesday })
  return { api, stage, parent, anna, ben, ids }
}

async function listed(api: SchoolApi, person: Person, query: string) {
  const { status, body } = await api.get(`/slots?${query}`, person)
  assert.equal(status, 200, JSON.stringify(body))
  return { ...body, slots: idsOf(body.slots) }
}

const idsByDay = (days: Record<string, { id: string }[]>) =>
  ['0', '1', '2', '3', '4', '5', '6'].map((day) => idsOf(days[day]!))

const idsOf = (slots: { id: string }[]) => slots.map(({ id }) => id)
