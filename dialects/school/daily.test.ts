import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import {
  isFailure,
  newMeeting,
  newParent,
  newSchool,
  newSlot,
  newTeacher,
  newUser,
  slotOn,
  TUESDAY,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())

describe('a day', () => {
  it('has its name, its slots and its meetings, by the clock of the school', async () => {
    const { api, teacher, parent } = await newSchool(app, { time_zone: 'America/New_York' })
    const slot = await newSlot(api, teacher)
    const meeting = await newMeeting(api, parent, slot, { notes: 'About reading' })
    const { status, body } = await api.get(`/calendar/daily/${TUESDAY}`, teacher)
    assert.equal(status, 200)
    const { suggested_times, ...day } = body
    assert.ok(suggested_times.length > 0)
    const planned = {
      id: meeting.id,
      start_time: '10:00:00',
      end_time: '10:30:00',
      status: 'pending',
      parent_name: parent.name,
      student_name: `Student of ${parent.name}`,
      notes: 'About reading',
    }
    assert.deepEqual(day, {
      date: TUESDAY,
      day_name: 'Tuesday',
      day_of_week: 1,
      slots: [(await api.get(`/slots/${slot.id}`, teacher)).body],
      appointments: [planned],
      total_slots: 1,
      available_slots: 0,
      booked_slots: 1,
    })
  })

  it('counts its slots; one whose meeting is cancelled can be had again, and the meeting is still told', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const [first, second] = [
      await newSlot(api, teacher),
      await newSlot(api, teacher, slotOn(1, '11:00', '11:30')),
    ]
    await newSlot(api, teacher, slotOn(1, '12:00', '12:30'))
    const kept = await newMeeting(api, parent, first)
    const { id } = await newMeeting(api, parent, second)
    await api.put(`/appointments/${kept.id}/status`, teacher, { status: 'confirmed' })
    await api.delete(`/appointments/${id}`, parent)
    const { body } = await api.get(`/calendar/daily/${TUESDAY}`, teacher)
    assert.deepEqual([body.total_slots, body.available_slots, body.booked_slots], [3, 2, 1])
    assert.deepEqual(
      body.slots.map(({ is_booked }: { is_booked: boolean }) => is_booked),
      [true, false, false],
    )
    assert.deepEqual(
      body.appointments.map(({ status }: { status: string }) => status),
      ['confirmed', 'cancelled'],
    )
  })

  const days = [
    ['America/New_York', TUESDAY, 1, '2027-03-01'],
    ['Pacific/Auckland', TUESDAY, 1, '2027-03-01'],
    ['Europe/London', '2027-03-28', 6, '2027-03-22'],
    ['Europe/London', '2027-10-31', 6, '2027-10-25'],
  ] as const
  for (const [time_zone, date, weekday, week] of days) {
    it(`holds what begins between its own midnights: ${date} in ${time_zone}`, async () => {
      const { api, teacher, parent } = await newSchool(app, { time_zone })
      const on = (start: string, end: string, day: number = weekday) =>
        newSlot(api, teacher, slotOn(day, start, end, week))
      const [first, last] = [await on('00:00', '00:30'), await on('23:30', '23:59:59')]
      await on('23:30', '24:00', weekday - 1)
      if (weekday < 6) await on('00:00', '00:30', weekday + 1)
      else await newSlot(api, teacher, slotOn(0, '00:00', '00:30', nextWeek(week)))
      for (const slot of [first, last]) await newMeeting(api, parent, slot)
      const { body } = await api.get(`/calendar/daily/${date}`, parent)
      assert.deepEqual(idsOf(body.slots), [first.id, last.id])
      const times = [body.slots, body.appointments].map((all) => all.map(timesOf))
      assert.deepEqual(times[0], ['00:00:00', '23:30:00'])
      assert.deepEqual(times[1], times[0])
    })
  }

  it('that is none is refused, and so is one of a time that nobody plans for', async () => {
    const { api, admin } = await newSchool(app)
    const none = ['tomorrow', '2027-02-29', '2027-13-01', '2027-3-2', '20270302', '2027-03-02x']
    for (const text of [...none, '0000-01-01', '9999-12-31', '-001000-01-01']) {
      const answer = await api.get(`/calendar/daily/${text}`, admin)
      isFailure(answer, 422, /^date must be a date such as/)
      assert.equal(answer.body.errors[0].field, 'date', text)
    }
  })
})

describe('whoever looks at a day', () => {
  it('sees the slots of all or of one teacher, and the meetings that are theirs to see', async () => {
    const { api, admin, anna, ben, kims, lees } = await arrange()
    const all = ['anna', 'ben']
    const table: [Person, string | undefined, string[], string[]][] = [
      [admin, undefined, all, ['kim with anna', 'lee with anna', 'lee with ben']],
      [admin, anna.id, ['anna'], ['kim with anna', 'lee with anna']],
      [anna, undefined, ['anna'], ['kim with anna', 'lee with anna']],
      [anna, anna.id, ['anna'], ['kim with anna', 'lee with anna']],
      [ben, undefined, ['ben'], ['lee with ben']],
      [kims, undefined, all, ['kim with anna']],
      [lees, undefined, all, ['lee with anna', 'lee with ben']],
      [lees, ben.id, ['ben'], ['lee with ben']],
      [kims, ben.id, ['ben'], []],
    ]
    for (const [who, teacher_id, teachers, notes] of table) {
      const query = teacher_id ? `?teacher_id=${teacher_id}` : ''
      const { status, body } = await api.get(`/calendar/daily/${TUESDAY}${query}`, who)
      assert.equal(status, 200)
      const seen = new Set(body.slots.map((one: { teacher_id: string }) => one.teacher_id))
      const told = `${who.name} of ${teacher_id}`
      const expected = [anna, ben].filter((_, at) => teachers.includes(all[at]!))
      assert.deepEqual([...seen].toSorted(), expected.map(({ id }) => id).toSorted(), told)
      assert.deepEqual(body.appointments.map((one: { notes: string }) => one.notes).toSorted(), notes, told)
    }
  })

  it('as a parent learns nothing of another family: what is taken is taken', async () => {
    const { api, lees, kims } = await arrange()
    const { body } = await api.get(`/calendar/daily/${TUESDAY}`, lees)
    assert.equal(body.booked_slots, 3)
    const text = JSON.stringify(body)
    for (const theirs of [kims.id, kims.name, kims.email, 'Kim', 'kim with anna']) {
      assert.equal(text.includes(theirs), false, theirs)
    }
    assert.ok(text.includes(lees.name) && text.includes('Lee'))
  })

  it('as a teacher looks at no other teacher’s', async () => {
    const { api, anna, ben } = await arrange()
    isFailure(await api.get(`/calendar/daily/${TUESDAY}?teacher_id=${ben.id}`, anna), 403, /own calendar/)
  })

  it('is logged in, and names a teacher whom there is', async () => {
    const { stage, api, admin, parent } = await newSchool(app)
    isFailure(await api.get(`/calendar/daily/${TUESDAY}`), 401)
    const [elsewhere, without] = [await newSchool(app), await newUser(app, stage, 'teacher')]
    for (const id of [crypto.randomUUID(), elsewhere.teacher.id, without.id, parent.id]) {
      for (const who of [admin, parent]) {
        isFailure(await api.get(`/calendar/daily/${TUESDAY}?teacher_id=${id}`, who), 404, /no teacher/)
      }
    }
  })
})

describe('times for further slots', () => {
  it('are suggested with a day to its teacher, and to administrators who name one', async () => {
    const { api, admin, teacher, parent } = await newSchool(app)
    await newSlot(api, teacher)
    const of = `teacher_id=${teacher.id}`
    const { body } = await api.get(`/calendar/suggestions/${TUESDAY}?${of}`, teacher)
    const table: [Person, string, unknown[]][] = [
      [teacher, '', body.suggestions],
      [teacher, of, body.suggestions],
      [admin, of, body.suggestions],
      [admin, '', []],
      [parent, of, []],
    ]
    assert.equal(body.suggestions[0].start_time_24h, '08:00')
    for (const [who, query, expected] of table) {
      const day = await api.get(`/calendar/daily/${TUESDAY}?${query}`, who)
      assert.deepEqual(day.body.suggested_times, expected, `${who.name} ${query}`)
    }
  })
})

/** Two teachers with two slots each, of which three are taken by two families. */
async function arrange() {
  const { stage, admin, api, teacher: anna } = await newSchool(app)
  const ben = await newTeacher(app, stage)
  const kims = await newParent(app, stage, { student_name: 'Kim' })
  const lees = await newParent(app, stage, { student_name: 'Lee' })
  const [ten, eleven] = [slotOn(1, '10:00', '10:30'), slotOn(1, '11:00', '11:30')]
  const book = async (who: Person, teacher: Person, time: object, notes: string) =>
    newMeeting(api, who, await newSlot(api, teacher, time), { notes })
  await book(kims, anna, ten, 'kim with anna')
  await book(lees, anna, eleven, 'lee with anna')
  await book(lees, ben, ten, 'lee with ben')
  await newSlot(api, ben, eleven)
  return { api, admin, anna, ben, kims, lees }
}

const nextWeek = (monday: string) => Temporal.PlainDate.from(monday).add({ weeks: 1 }).toString()
const idsOf = (all: { id: string }[]) => all.map(({ id }) => id)
const timesOf = ({ start_time }: { start_time: string }) => start_time
