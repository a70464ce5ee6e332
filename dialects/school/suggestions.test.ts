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
  newUser,
  type SchoolApi,
  slotOn,
  TUESDAY,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('suggestions for slots', () => {
  it('begin each quarter of an hour from eight, and end by five', async () => {
    const { api, teacher } = await newSchool(app)
    const { status, body } = await suggest(api, teacher, teacher)
    assert.equal(status, 200)
    assert.deepEqual(startsOf(body), quarters('08:00', '16:30'))
    const { suggestions, ...about } = body
    assert.deepEqual(about, { date: TUESDAY, existing_slots_count: 0, conflicts_checked: true })
    assert.deepEqual(
      [suggestions[0], suggestions.at(-1)],
      [
        {
          start_time: '08:00 AM',
          end_time: '08:30 AM',
          start_time_24h: '08:00',
          end_time_24h: '08:30',
          duration_minutes: 30,
        },
        {
          start_time: '04:30 PM',
          end_time: '05:00 PM',
          start_time_24h: '16:30',
          end_time_24h: '17:00',
          duration_minutes: 30,
        },
      ],
    )
  })

  const lengths = [
    ['15', '08:15', '16:45'],
    ['45', '08:45', '16:15'],
    ['180', '11:00', '14:00'],
  ] as const
  for (const [minutes, end, last] of lengths) {
    it(`are as long as wanted: ${minutes} minutes, the last from ${last}`, async () => {
      const { api, teacher } = await newSchool(app)
      const { body } = await suggest(api, teacher, teacher, { duration_minutes: minutes })
      assert.deepEqual(startsOf(body), quarters('08:00', last))
      assert.equal(body.suggestions[0].end_time_24h, end)
      assert.equal(body.suggestions[0].duration_minutes, Number(minutes))
    })
  }

  it('are from a quarter of an hour to three hours long', async () => {
    const { api, teacher } = await newSchool(app)
    for (const duration_minutes of ['14', '181', '0', '-30', '30.5', 'half']) {
      isFailure(await suggest(api, teacher, teacher, { duration_minutes }), 422, /^duration_minutes/)
    }
  })

  it('meet none of the teacher’s slots, and may touch them', async () => {
    const { api, teacher } = await newSchool(app)
    for (const [start, end] of [
      ['10:00', '10:30'],
      ['12:05', '12:20'],
      ['16:00', '18:00'],
    ]) {
      await newSlot(api, teacher, slotOn(1, start!, end!))
    }
    const { body } = await suggest(api, teacher, teacher)
    const free = [quarters('08:00', '09:30'), quarters('10:30', '11:30'), quarters('12:30', '15:30')]
    assert.deepEqual(startsOf(body), free.flat())
    assert.equal(body.existing_slots_count, 3)
  })

  it('ask only for slots of that day and of that teacher', async () => {
    const { stage, api, teacher } = await newSchool(app, { time_zone: 'America/New_York' })
    await newSlot(api, await newTeacher(app, stage), slotOn(1, '09:00', '12:00'))
    await newSlot(api, teacher, slotOn(0, '09:00', '12:00'))
    await newSlot(api, teacher, slotOn(2, '09:00', '12:00'))
    await newSlot(api, teacher, slotOn(1, '18:00', '19:00'))
    const { body } = await suggest(api, teacher, teacher)
    assert.deepEqual(startsOf(body), quarters('08:00', '16:30'))
    assert.equal(body.existing_slots_count, 1)
  })

  it('come again where a slot is taken back, and not where its meeting is cancelled', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const [gone, kept] = [
      await newSlot(api, teacher),
      await newSlot(api, teacher, slotOn(1, '11:00', '11:30')),
    ]
    const { id } = await newMeeting(api, parent, kept)
    await api.delete(`/appointments/${id}`, parent)
    await api.delete(`/slots/${gone.id}`, teacher)
    const { body } = await suggest(api, teacher, teacher)
    assert.deepEqual(startsOf(body), [...quarters('08:00', '10:30'), ...quarters('11:30', '16:30')])
  })

  it('can be made slots, one after the other until there are no more', async () => {
    const { api, teacher } = await newSchool(app, { time_zone: 'Asia/Kathmandu' })
    await newSlot(api, teacher)
    for (let left = 10; left > 0; left--) {
      const [first] = (await suggest(api, teacher, teacher, { duration_minutes: '45' })).body.suggestions
      await newSlot(api, teacher, slotOn(1, first.start_time_24h, first.end_time_24h))
    }
    const { body } = await suggest(api, teacher, teacher, { duration_minutes: '45' })
    assert.deepEqual([body.suggestions, body.existing_slots_count], [[], 11])
  })
})

describe('suggestions of today', () => {
  const moments = [
    ['2027-03-02T04:59:00', quarters('08:00', '16:30')],
    ['2027-03-02T10:07:00', quarters('10:15', '16:30')],
    ['2027-03-02T10:15:00', quarters('10:15', '16:30')],
    ['2027-03-02T10:15:01', quarters('10:30', '16:30')],
    ['2027-03-02T16:30:00', ['16:30']],
    ['2027-03-02T16:31:00', []],
    ['2027-03-02T23:30:00', []],
    ['2027-03-03T00:30:00', []],
  ] as const
  for (const [moment, expected] of moments) {
    it(`leave out what has begun: at ${moment} there are ${expected.length}`, async () => {
      const time_zone = 'America/New_York'
      const { api, teacher } = await newSchool(app, { time_zone })
      app.setClock(Temporal.PlainDateTime.from(moment).toZonedDateTime(time_zone).toInstant().toString())
      assert.deepEqual(startsOf((await suggest(api, teacher, teacher)).body), expected)
    })
  }
})

describe('suggestions of a day on which the clocks change', () => {
  const days = [
    ['Europe/London', '2027-03-28'],
    ['Europe/London', '2027-10-31'],
    ['America/New_York', '2027-03-14'],
    ['Asia/Gaza', '2023-04-29'],
  ] as const
  for (const [time_zone, date] of days) {
    it(`stand on the clock as on any other: ${date} in ${time_zone}`, async () => {
      app.setClock('2023-01-01T00:00:00Z')
      const { api, teacher } = await newSchool(app, { time_zone })
      const { body } = await suggest(api, teacher, teacher, {}, date)
      assert.deepEqual(startsOf(body), quarters('08:00', '16:30'))
    })
  }
})

describe('whoever asks for suggestions', () => {
  it('is the teacher or an administrator', async () => {
    const { stage, api, admin, teacher, parent } = await newSchool(app)
    const table: [Person, number][] = [
      [teacher, 200],
      [admin, 200],
      [parent, 403],
      [await newTeacher(app, stage), 403],
    ]
    for (const [who, expected] of table) {
      assert.equal((await suggest(api, who, teacher)).status, expected, who.name)
    }
    isFailure(await api.get(`/calendar/suggestions/${TUESDAY}?teacher_id=${teacher.id}`), 401)
  })

  it('names a teacher whom there is, and a date', async () => {
    const { stage, api, admin, teacher } = await newSchool(app)
    const [elsewhere, without] = [await newSchool(app), await newUser(app, stage, 'teacher')]
    for (const nobody of [{ id: crypto.randomUUID() }, elsewhere.teacher, without]) {
      isFailure(await suggest(api, admin, nobody), 404, /no teacher/)
    }
    isFailure(await api.get(`/calendar/suggestions/${TUESDAY}`, admin), 422, /^teacher_id is missing/)
    for (const date of ['today', '2027-02-29', '0000-01-01', '9999-12-31']) {
      isFailure(await suggest(api, admin, teacher, {}, date), 422, /^date must be/)
    }
  })
})

function suggest(
  api: SchoolApi,
  who: Person,
  { id: teacher_id }: { id: string },
  wanted: Record<string, string> = {},
  date = TUESDAY,
) {
  return api.get(`/calendar/suggestions/${date}?${new URLSearchParams({ teacher_id, ...wanted })}`, who)
}

function startsOf({ suggestions }: { suggestions: { start_time_24h: string }[] }): string[] {
  return suggestions.map(({ start_time_24h }) => start_time_24h)
}

/** Each quarter of an hour from one to another, both included. */
function quarters(first: string, last: string): string[] {
  const [start, end] = [first, last].map((time) => Temporal.PlainTime.from(time))
  const count = start!.until(end!).total('minutes') / 15 + 1
  return Array.from({ length: count }, (_, at) =>
    start!
      .add({ minutes: at * 15 })
      .toString()
      .slice(0, 5),
  )
}
