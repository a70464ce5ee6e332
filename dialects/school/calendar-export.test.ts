import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import ICAL from 'ical.js'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import { eventsIn, propertiesOf, summaryOf, valueOf } from '../general/testing/calendars.ts'
import {
  isFailure,
  newMeeting,
  newParent,
  newSchool,
  newSlot,
  newTeacher,
  newUser,
  type SchoolApi,
  slotOn,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the calendar file', () => {
  it('is of the current month, and is named after its first and last day', async () => {
    const { api, teacher } = await newSchool(app, { time_zone: 'America/New_York' })
    const moments = [
      ['2027-03-01T08:00:00Z', '20270301_20270331'],
      // Still February in New York.
      ['2027-03-01T04:00:00Z', '20270201_20270228'],
      ['2028-02-15T12:00:00Z', '20280201_20280229'],
      ['2027-12-31T23:00:00Z', '20271201_20271231'],
    ] as const
    for (const [moment, name] of moments) {
      app.setClock(moment)
      const { status, headers, body } = await take(api, teacher)
      assert.equal(status, 200)
      assert.equal(headers.get('content-type'), 'text/calendar; charset=utf-8')
      assert.equal(headers.get('content-disposition'), `attachment; filename="calendar_${name}.ics"`)
      assert.deepEqual(eventsIn(body), [])
    }
  })

  const ranges = [
    [{ start_date: '2027-03-02', end_date: '2027-03-03' }, '20270302_20270303'],
    [{ start_date: '2027-02-10' }, '20270210_20270228'],
    [{ end_date: '2027-03-10' }, '20270301_20270310'],
    [{ start_date: '2027-03-02', end_date: '2027-03-02' }, '20270302_20270302'],
  ] as const
  for (const [range, name] of ranges) {
    it(`is of the dates that are wanted: ${JSON.stringify(range)}`, async () => {
      const { api, teacher } = await newSchool(app)
      const { headers } = await take(api, teacher, range)
      assert.equal(headers.get('content-disposition'), `attachment; filename="calendar_${name}.ics"`)
    })
  }

  it('has the meetings from the first moment of the first day to the last of the last', async () => {
    const { api, teacher, parent } = await newSchool(app, { time_zone: 'America/New_York' })
    const meetings: string[] = []
    for (const time of [
      slotOn(1, '23:30', '24:00'),
      slotOn(2, '00:00', '00:30'),
      slotOn(3, '23:30', '23:59:59'),
      slotOn(4, '00:00', '00:30'),
    ]) {
      meetings.push((await newMeeting(api, parent, await newSlot(api, teacher, time))).id)
    }
    const within = { start_date: '2027-03-03', end_date: '2027-03-04' }
    assert.deepEqual(idsIn((await take(api, teacher, within)).body), meetings.slice(1, 3))
    assert.deepEqual(idsIn((await take(api, teacher)).body), meetings)
  })

  it('of dates that are none, or that run backwards, is refused', async () => {
    const { api, teacher } = await newSchool(app)
    const table = [
      [{ start_date: '2027-02-29' }, /^start_date/],
      [{ start_date: 'march' }, /^start_date/],
      [{ end_date: '2027-03-32' }, /^end_date/],
      [{ start_date: '2027-03-05', end_date: '2027-03-04' }, /^end_date must not be before start_date/],
    ] as const
    for (const [range, sentence] of table) isFailure(await take(api, teacher, range), 422, sentence)
  })
})

describe('a meeting in the calendar file', () => {
  it('says when it is in UTC, with whom, and in its description the student, its status and the notes', async () => {
    const { stage, api, admin, teacher } = await newSchool(app, { time_zone: 'America/New_York' })
    const parent = await newParent(app, stage, { student_name: 'Kim' })
    const slot = await newSlot(api, teacher, slotOn(1, '10:00', '10:30', '2027-07-05'))
    const { id } = await newMeeting(api, parent, slot, { notes: 'About reading' })
    const july = { start_date: '2027-07-01' }
    const texts = []
    for (const who of [teacher, parent, admin]) texts.push((await take(api, who, july)).body)
    assert.deepEqual(texts, Array(3).fill(texts[0]))
    const lines = texts[0].split('\r\n')
    for (const line of ['DTSTART:20270706T140000Z', 'DTEND:20270706T143000Z', 'DTSTAMP:20270301T080000Z']) {
      assert.ok(lines.includes(line), line)
    }
    const [event, ...others] = eventsIn(texts[0])
    assert.deepEqual(others, [])
    assert.equal(valueOf(event!, 'uid'), `${id}@${stage.organization.id}.punctual`)
    assert.ok(summaryOf(event!).includes(teacher.name), summaryOf(event!))
    assert.equal(valueOf(event!, 'description'), 'Student: Kim\nStatus: pending\nAbout reading')
  })

  it('keeps its name whatever becomes of it, and says when it changed; its cancellation has a greater number', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const { id } = await newMeeting(api, parent, await newSlot(api, teacher))
    const told = async () => {
      const [event, ...others] = eventsIn((await take(api, parent)).body)
      assert.deepEqual(others, [])
      return ['uid', 'dtstamp', 'sequence'].map((property) => valueOf(event!, property))
    }
    const [uid] = await told()
    assert.deepEqual(await told(), [uid, '2027-03-01T08:00:00Z', '0'])
    app.pass({ minutes: 1 })
    await api.put(`/appointments/${id}/status`, teacher, { status: 'confirmed' })
    assert.deepEqual(await told(), [uid, '2027-03-01T08:01:00Z', '0'])
    app.pass({ minutes: 1 })
    await api.delete(`/appointments/${id}`, parent)
    assert.deepEqual(await told(), [uid, '2027-03-01T08:02:00Z', '1'])
  })

  const statuses = [
    [[], 'pending', 'TENTATIVE'],
    [['confirmed'], 'confirmed', 'CONFIRMED'],
    [['confirmed', 'completed'], 'completed', 'CONFIRMED'],
    [['cancelled'], 'cancelled', 'CANCELLED'],
    [['no_show'], 'no_show', 'CANCELLED'],
  ] as const
  for (const [steps, status, written] of statuses) {
    it(`that is ${status} says so in its description, and stands as ${written}`, async () => {
      const { api, teacher, parent } = await newSchool(app)
      const { id } = await newMeeting(api, parent, await newSlot(api, teacher))
      app.setClock('2027-03-02T10:00:00Z')
      for (const step of steps) {
        const { status: answered } = await api.put(`/appointments/${id}/status`, teacher, { status: step })
        assert.equal(answered, 200)
      }
      const [event] = eventsIn((await take(api, teacher)).body)
      assert.equal(valueOf(event!, 'status'), written)
      assert.ok(valueOf(event!, 'description')!.endsWith(`\nStatus: ${status}`))
    })
  }

  const nasty = [
    'Kim\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Mine',
    'Kim\nATTACH:https://example.com/evil',
    'a;b,c:d\\e"f^n\\n',
    'Kim\u2028ATTENDEE:mailto:evil@example.com',
    `${'ß'.repeat(40)}\nBEGIN:VALARM`,
  ]
  it('holds whatever stands in a name or in notes, and nothing gets out of it', async () => {
    for (const text of nasty) {
      const { api, teacher, parent } = await newSchool(app)
      await newMeeting(api, parent, await newSlot(api, teacher), { notes: text })
      // Even a name that could not be given over HTTP.
      const { pool } = app.connection
      await pool.query('update people set name = $1 where id = any($2)', [text, [teacher.id, parent.id]])
      const rename =
        'update dependents set name = $1 where id in (select dependent_id from guardians where client_id = $2)'
      await pool.query(rename, [text, parent.id])
      const { body } = await take(api, teacher)
      const [event, ...others] = eventsIn(body)
      assert.deepEqual([others, event!.getAllSubcomponents()], [[], []])
      const plain = text.replaceAll(/\r\n|\r/g, '\n').replaceAll('\u2028', ' ')
      assert.equal(valueOf(event!, 'description'), `Student: ${plain}\nStatus: pending\n${plain}`)
      assert.ok(summaryOf(event!).includes(plain))
      assert.deepEqual(propertiesOf(event!), properties)
      for (const line of body.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line)
      assert.doesNotMatch(body.replaceAll('\r\n', ''), /[\r\n\u2028]/)
    }
  })
})

describe('whoever takes a calendar file along', () => {
  it('gets their own meetings, and administrators all; of one teacher, where one is named', async () => {
    const { stage, api, admin, teacher: anna, parent: kims } = await newSchool(app)
    const [ben, lees] = [await newTeacher(app, stage), await newParent(app, stage)]
    const book = async (who: Person, teacher: Person, hour: string) =>
      (await newMeeting(api, who, await newSlot(api, teacher, slotOn(1, `${hour}:00`, `${hour}:30`)))).id
    const [kimAnna, leeAnna] = [await book(kims, anna, '10'), await book(lees, anna, '11')]
    const leeBen = await book(lees, ben, '12')
    const table: [Person, Person | undefined, string[]][] = [
      [admin, undefined, [kimAnna, leeAnna, leeBen]],
      [admin, ben, [leeBen]],
      [anna, undefined, [kimAnna, leeAnna]],
      [anna, anna, [kimAnna, leeAnna]],
      [kims, undefined, [kimAnna]],
      [lees, undefined, [leeAnna, leeBen]],
      [lees, anna, [leeAnna]],
      [kims, ben, []],
    ]
    for (const [who, teacher, expected] of table) {
      const { status, body } = await take(api, who, teacher && { teacher_id: teacher.id })
      assert.equal(status, 200)
      assert.deepEqual(idsIn(body), expected, `${who.name} of ${teacher?.name}`)
      if (who !== admin && who !== anna && who !== kims) assert.equal(body.includes(kims.name), false)
    }
  })

  it('is logged in, names a teacher whom there is, and as a teacher no other', async () => {
    const { stage, api, admin, teacher, parent } = await newSchool(app)
    isFailure(await api.get('/calendar/export/ical'), 401)
    isFailure(await take(api, teacher, { teacher_id: (await newTeacher(app, stage)).id }), 403)
    const [elsewhere, without] = [await newSchool(app), await newUser(app, stage, 'teacher')]
    for (const id of [crypto.randomUUID(), elsewhere.teacher.id, without.id]) {
      for (const who of [admin, parent])
        isFailure(await take(api, who, { teacher_id: id }), 404, /no teacher/)
    }
  })
})

const properties = ['description', 'dtend', 'dtstamp', 'dtstart', 'last-modified', 'location', 'sequence']
properties.push('status', 'summary', 'uid')

const take = (api: SchoolApi, who: Person, wanted: Record<string, string> = {}) =>
  api.get(`/calendar/export/ical?${new URLSearchParams(wanted)}`, who)

/** Those of the meetings, by start. */
function idsIn(text: string): string[] {
  const events = eventsIn(text).map((component) => new ICAL.Event(component))
  return events
    .toSorted((one, other) => one.startDate.compare(other.startDate))
    .map(({ uid }) => uid.split('@')[0]!)
}
