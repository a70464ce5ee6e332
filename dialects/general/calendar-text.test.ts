import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import { newAppointment, newPractice } from './testing/asking.ts'
import { addressesIn, eventsIn, propertiesOf, summaryOf, valueOf } from './testing/calendars.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())

describe('whatever stands in a name or in notes', () => {
  const nasty = [
    'Ada\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Mine',
    'Ada\nATTACH:https://example.com/evil',
    'Ada"\r\nATTENDEE:mailto:evil@example.com',
    'Ada";CN=Eve:mailto:eve@example.com',
    'a;b,c:d\\e^n\\n',
    // Some readers take this sign for the end of a line.
    'Ada\u2028ATTENDEE:mailto:evil@example.com',
    '<script>alert(1)</script>',
    `${'ß'.repeat(40)}\nBEGIN:VALARM`,
  ]

  it('stays inside it, and invites nobody else', async () => {
    for (const text of nasty) {
      const { staff, client, api } = await newPractice(app)
      // Even a name that could not be given over HTTP.
      const rename = 'update people set name = $1 where id = any($2)'
      await app.connection.pool.query(rename, [text, [staff.id, client.id]])
      const { id } = await newAppointment(api, client, staff, { notes: text })
      for (const path of [`/appointments/${id}/export.ics`, '/appointments/export-all.ics']) {
        const { body } = await api.get(path, client)
        const [event, ...others] = eventsIn(body)
        assert.deepEqual([others, event!.getAllSubcomponents()], [[], []])
        const plain = text.replaceAll(/\r\n|\r/g, '\n').replaceAll('\u2028', ' ')
        assert.equal(body.includes('\u2028'), false)
        assert.equal(valueOf(event!, 'description'), plain)
        assert.ok(summaryOf(event!).includes(plain))
        assert.deepEqual(addressesIn(event!, 'organizer'), [staff.email])
        assert.deepEqual(addressesIn(event!, 'attendee'), [client.email])
        assert.deepEqual(propertiesOf(event!), expectedProperties)
        // A parameter is in quotation marks and holds none (RFC 5545 §3.2).
        const lines = body.replaceAll('\r\n ', '').split('\r\n')
        const people = lines.filter((line: string) => /^(ORGANIZER|ATTENDEE)/.test(line))
        assert.equal(people.length, 2)
        for (const line of people) {
          assert.match(line, /^[A-Z]+(;[A-Z-]+=("[^"]*"|[^",;:]+))*:mailto:[\w@.]+$/i)
        }
      }
    }
  })

  it('is no name to sign up with, if it holds the end of a line', async () => {
    const { api } = await newPractice(app)
    const register = (full_name: string, n: number) =>
      api.post('/auth/register', undefined, {
        email: `eve-${n}-${crypto.randomUUID()}@example.com`,
        password: 'Correct-Horse-9',
        full_name,
      })
    for (const [n, text] of nasty.entries()) {
      const { status } = await register(text, n)
      assert.equal(status, /[\r\n]/.test(text) ? 422 : 201, text)
    }
  })
})

const expectedProperties = [
  'attendee',
  'description',
  'dtend',
  'dtstamp',
  'dtstart',
  'last-modified',
  'location',
  'organizer',
  'sequence',
  'status',
  'summary',
  'uid',
]
