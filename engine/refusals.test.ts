import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findSlots, type SlotQuery } from './slots.ts'

const window = { weekday: 1, opens: '09:00', closes: '17:00' }
const query: SlotQuery = {
  time_zone: 'Europe/London',
  weekly: [window],
  dated: [],
  busy: [],
  from: 0,
  to: 0,
  slot_minutes: 30,
}

const senseless: [promise: string, changes: Partial<SlotQuery>, says: RegExp][] = [
  ['a zone nobody knows', { time_zone: 'Mars/Olympus' }, /time_zone: "Mars\/Olympus".*Europe\/London/],
  ['an offset in place of a zone', { time_zone: '+01:00' }, /time_zone: "\+01:00"/],
  ['a moment in place of a zone', { time_zone: '2026-01-01T00:00Z' }, /time_zone/],
  ['weekday 0', { weekly: [window, { ...window, weekday: 0 }] }, /weekly\[1\]\.weekday: 0.*Monday is 1/],
  ['weekday 8', { weekly: [{ ...window, weekday: 8 }] }, /weekly\[0\]\.weekday: 8/],
  ['half a weekday', { weekly: [{ ...window, weekday: 1.5 }] }, /weekly\[0\]\.weekday: 1\.5/],
  [
    'a time without its zero',
    { weekly: [{ ...window, opens: '9:00' }] },
    /weekly\[0\]\.opens: "9:00".*HH:MM/,
  ],
  ['an opening at 24:00', { weekly: [{ ...window, opens: '24:00' }] }, /weekly\[0\]\.opens: "24:00".*23:59/],
  [
    'a closing after 24:00',
    { weekly: [{ ...window, closes: '24:01' }] },
    /weekly\[0\]\.closes: "24:01".*24:00/,
  ],
  [
    'minute sixty',
    { dated: [{ date: '2026-06-15', windows: [{ opens: '09:00', closes: '09:60' }] }] },
    /dated\[0\]\.windows\[0\]\.closes/,
  ],
  ['seconds on the wall clock', { weekly: [{ ...window, closes: '17:00:00' }] }, /weekly\[0\]\.closes/],
  [
    'the 30th of February',
    { dated: [{ date: '2026-02-30', windows: [] }] },
    /dated\[0\]\.date: "2026-02-30".*YYYY-MM-DD/,
  ],
  ['a date written otherwise', { dated: [{ date: '15.6.2026', windows: [] }] }, /dated\[0\]\.date/],
  ['an open stretch without end', { open: [{ start: 0, end: Infinity }] }, /open\[0\]\.end: Infinity/],
  ['an open stretch that ends before it starts', { open: [{ start: 1, end: 0 }] }, /open\[0\]: from 1 to 0/],
  ['a busy stretch that ends before it starts', { busy: [{ start: 1, end: 0 }] }, /busy\[0\]: from 1 to 0/],
  ['a busy stretch at no time', { busy: [{ start: 0, end: Number.NaN }] }, /busy\[0\]: from 0 to NaN/],
  ['a range from no time', { from: Number.NaN }, /from: NaN.*epoch milliseconds/],
  ['a range for ever', { to: Infinity }, /to: Infinity/],
  ['a range that ends before it starts', { from: 10, to: 9 }, /to: 9 lies before from \(10\)/],
  ['a slot without length', { slot_minutes: 0 }, /slot_minutes: 0.*from 1/],
  ['a slot of negative length', { slot_minutes: -30 }, /slot_minutes: -30/],
  ['a slot of unknown length', { slot_minutes: Number.NaN }, /slot_minutes: NaN/],
  ['a slot longer than a year', { slot_minutes: 1e9 }, /slot_minutes: 1000000000.*year/],
  ['steps that do not move', { step_minutes: 0 }, /step_minutes: 0/],
  ['a negative buffer before', { buffer_before_minutes: -1 }, /buffer_before_minutes: -1.*0 or more/],
  ['a negative buffer after', { buffer_after_minutes: -1 }, /buffer_after_minutes: -1/],
  ['a negative notice', { now: 0, notice_minutes: -1 }, /notice_minutes: -1/],
  ['a horizon without number', { now: 0, horizon_minutes: Number.NaN }, /horizon_minutes: NaN/],
  ['now at no time', { now: Number.NaN }, /now: NaN/],
  ['notice without now', { notice_minutes: 60 }, /now: /],
  ['a horizon without now', { horizon_minutes: 60 }, /now: /],
]

describe('a question that makes no sense is refused by the name of its field', () => {
  for (const [what, changes, says] of senseless) {
    it(what, () => {
      assert.throws(
        () => findSlots({ ...query, ...changes }),
        (error) => error instanceof RangeError && says.test(error.message),
      )
    })
  }

  it('while one that asks for nothing is answered with nothing', () => {
    assert.deepEqual(findSlots(query), [])
    assert.deepEqual(findSlots({ ...query, weekly: [], to: 1e12 }), [])
  })
})
