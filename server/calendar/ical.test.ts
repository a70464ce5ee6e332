import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import ICAL from 'ical.js'
import type { ShownAppointment } from '../appointments/list.ts'
import type { AppointmentState } from '../database/tables.ts'
import type { Organization } from '../organizations/organizations.ts'
import { trades } from '../organizations/trades.ts'
import { type Entry, toICalendar } from './ical.ts'

const organization = { id: 'org', name: 'Corner, Studio; & Co', words: trades.general!.words } as Organization
const appointment = {
  id: 'one',
  organization_id: 'org',
  provider_id: 'ada',
  provider_name: 'Ada',
  client_id: 'bob',
  client_name: 'Bob',
  service_name: 'Haircut',
  starts_at: Temporal.Instant.from('2027-03-01T09:00:00Z'),
  ends_at: Temporal.Instant.from('2027-03-01T09:30:00Z'),
  created_at: Temporal.Instant.from('2027-02-01T07:00:00Z'),
  updated_at: Temporal.Instant.from('2027-02-02T07:00:00.123Z'),
  state: 'confirmed',
  sequence: 3,
  notes: null,
} as ShownAppointment

const written = (change: Partial<ShownAppointment> = {}, more: Partial<Entry> = {}, seen_by = 'bob') =>
  toICalendar(
    [{ appointment: { ...appointment, ...change }, location: null, ...more }],
    organization,
    seen_by,
  )

/** The only event of a calendar, and that there is nothing else in it. */
function eventIn(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text))
  const components = calendar.getAllSubcomponents()
  assert.deepEqual(
    components.map(({ name }) => name),
    ['vevent'],
  )
  return components[0]!
}
const valueOf = (text: string, property: string) => eventIn(text).getFirstPropertyValue(property)?.toString()

describe('an appointment in a calendar', () => {
  it('says when it is in UTC, and needs no time zone', () => {
    const lines = written().split('\r\n')
    assert.ok(lines.includes('DTSTART:20270301T090000Z'))
    assert.ok(lines.includes('DTEND:20270301T093000Z'))
    assert.doesNotMatch(written(), /TZID|TIMEZONE/)
  })

  it('is known by the same name, and each change of it by a greater number', () => {
    const moved = { starts_at: appointment.starts_at.add({ hours: -1 }), sequence: 4 }
    assert.equal(valueOf(written(), 'uid'), 'one@org.punctual')
    assert.equal(valueOf(written(moved), 'uid'), 'one@org.punctual')
    assert.deepEqual([valueOf(written(), 'sequence'), valueOf(written(moved), 'sequence')], ['3', '4'])
  })

  it('reads the same whenever it is written, until it changes', () => {
    const lines = written().split('\r\n')
    assert.ok(lines.includes('DTSTAMP:20270202T070000Z'))
    assert.ok(lines.includes('LAST-MODIFIED:20270202T070000Z'))
    assert.equal(written(), written())
  })

  const statuses: Record<AppointmentState, string> = {
    pending: 'TENTATIVE',
    confirmed: 'CONFIRMED',
    arrived: 'CONFIRMED',
    in_progress: 'CONFIRMED',
    completed: 'CONFIRMED',
    cancelled: 'CANCELLED',
    declined: 'CANCELLED',
    no_show: 'CANCELLED',
  }
  for (const [state, status] of Object.entries(statuses)) {
    it(`that is ${state} stands as ${status}`, () => {
      assert.equal(valueOf(written({ state: state as AppointmentState }), 'status'), status)
    })
  }

  it('is called after what it is and the other person', () => {
    assert.equal(valueOf(written(), 'summary'), 'Haircut – Ada')
    assert.equal(valueOf(written({}, {}, 'ada'), 'summary'), 'Haircut – Bob')
    assert.equal(valueOf(written({}, {}, 'desk'), 'summary'), 'Haircut – Bob, Ada')
    assert.equal(valueOf(written({ service_name: null }), 'summary'), 'appointment – Ada')
  })

  it('is called after the child or the pet, too, that it is for', () => {
    const kim = { dependent_name: 'Kim' }
    assert.equal(valueOf(written(kim), 'summary'), 'Haircut – Ada, Kim')
    assert.equal(valueOf(written(kim, {}, 'ada'), 'summary'), 'Haircut – Kim (Bob)')
    assert.equal(valueOf(written(kim, {}, 'desk'), 'summary'), 'Haircut – Kim (Bob), Ada')
  })

  it('says where it is, and what was noted', () => {
    const location = { name: 'Main; Hall', address: '1 Road,\nTown' }
    const text = written({ notes: 'Bring: papers\nand time' }, { location })
    assert.equal(valueOf(text, 'location'), 'Main; Hall\n1 Road,\nTown')
    assert.equal(valueOf(text, 'description'), 'Bring: papers\nand time')
    assert.equal(valueOf(written({}, { location: { name: 'Hall', address: null } }), 'location'), 'Hall')
    assert.equal(valueOf(written(), 'location'), undefined)
    assert.equal(valueOf(written(), 'description'), undefined)
  })

  it('invites nobody and shows no address', () => {
    assert.doesNotMatch(written(), /ORGANIZER|ATTENDEE|METHOD|mailto|@(?!org\.punctual)/i)
  })
})

describe('whatever stands in a name or a note', () => {
  const nasty = [
    'Ada\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Mine',
    'Ada\nATTACH:https://example.com/evil',
    'Ada\rX-EVIL:1',
    'a;b,c:d\\e"f^n\\n',
    'BEGIN:VCALENDAR',
    '\\;\\,\\\\N',
    ' \tleading and trailing \t',
    `${'x'.repeat(73)}\r\nBEGIN:VEVENT`,
    `${'ß'.repeat(40)}\nBEGIN:VEVENT`,
  ]

  it('stays inside it', () => {
    for (const text of nasty) {
      const location = { name: text, address: text }
      const entry = { provider_name: text, service_name: text, notes: text }
      const calendar = written(entry, { location })
      const plain = text.replaceAll(/\r\n|\r/g, '\n')
      assert.equal(valueOf(calendar, 'summary'), `${plain} – ${plain}`)
      assert.equal(valueOf(calendar, 'description'), plain)
      assert.equal(valueOf(calendar, 'location'), `${plain}\n${plain}`)
      const names = eventIn(calendar)
        .getAllProperties()
        .map(({ name }) => name)
      assert.deepEqual(names.toSorted(), [
        'description',
        'dtend',
        'dtstamp',
        'dtstart',
        'last-modified',
        'location',
        'sequence',
        'status',
        'summary',
        'uid',
      ])
    }
  })

  it('ends no line by a sign that some readers take for an end', () => {
    for (const sign of ['\u0000', '\u0007', '\u000b', '\u000c', '\u001c', '\u0085', '\u2028', '\u2029']) {
      const text = written({ notes: `a${sign}BEGIN:VEVENT`, provider_name: `A${sign}b` })
      assert.equal(text.includes(sign), false)
      assert.equal(valueOf(text, 'description'), 'a BEGIN:VEVENT')
    }
  })

  it('cannot come in by the name of the organization either', () => {
    for (const name of nasty) {
      const text = toICalendar([], { ...organization, name }, 'bob')
      const calendar = new ICAL.Component(ICAL.parse(text))
      assert.deepEqual(calendar.getAllSubcomponents(), [])
      const shown = calendar.getFirstPropertyValue('x-wr-calname')
      assert.equal(ICAL.parse(text)[1].length, 4)
      assert.ok(String(shown).length > 0)
    }
  })

  it('is folded at 75 octets, between characters and never inside one', () => {
    for (const letter of ['x', 'ß', '漢', '𝄞', '👩‍🚀']) {
      for (let lead = 0; lead < 5; lead++) {
        const name = 'a'.repeat(lead) + letter.repeat(120)
        const text = written({ provider_name: name, notes: name })
        for (const line of text.split('\r\n')) {
          assert.ok(Buffer.byteLength(line) <= 75, line)
          assert.equal(line.isWellFormed(), true)
        }
        assert.equal(valueOf(text, 'summary'), `Haircut – ${name}`)
        assert.equal(valueOf(text, 'description'), name)
      }
    }
  })
})

describe('a calendar', () => {
  it('ends each line as the standard has it', () => {
    const text = written({ notes: 'a\nb' })
    assert.doesNotMatch(text.replaceAll('\r\n', ''), /[\r\n]/)
    assert.ok(text.endsWith('END:VCALENDAR\r\n'))
  })

  it('is one with nothing in it, where there is nothing', () => {
    const calendar = new ICAL.Component(ICAL.parse(toICalendar([], organization, 'bob')))
    assert.equal(calendar.getFirstPropertyValue('version'), '2.0')
    assert.equal(calendar.getFirstPropertyValue('prodid'), '-//Punctual//Punctual//EN')
    assert.deepEqual(calendar.getAllSubcomponents(), [])
  })
})
