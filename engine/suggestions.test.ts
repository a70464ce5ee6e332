import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Interval } from './intervals.ts'
import { suggest, type SuggestionOptions } from './suggestions.ts'

const MINUTE = 60_000
const visits = [stretch('15T10:00', '15T10:30'), stretch('15T11:00', '15T12:00')]

describe('suggestions', () => {
  it('name the slot that fills a gap first, then those beside a visit, then the others', () => {
    assert.deepEqual(suggested(['15T09:00', '15T09:30', '15T10:30', '15T12:00', '15T12:30'], visits), [
      'gap 15T10:30',
      'edge 15T09:30',
      'edge 15T12:00',
      'open 15T09:00',
      'open 15T12:30',
    ])
  })

  it('put a visit into the smallest room that it leaves least of', () => {
    const taken = [
      stretch('15T09:00', '15T10:00'),
      stretch('15T12:00', '15T13:00'),
      stretch('15T14:00', '15T15:00'),
    ]
    assert.deepEqual(suggested(['15T10:00', '15T10:30', '15T11:30', '15T13:00', '15T13:30'], taken), [
      'edge 15T13:00',
      'edge 15T13:30',
      'edge 15T10:00',
      'edge 15T11:30',
      'open 15T10:30',
    ])
  })

  it('name the earlier of two that are as good', () => {
    const taken = [visits[0]!, stretch('16T10:00', '16T10:30')]
    assert.deepEqual(suggested(['16T10:30', '16T09:30', '15T10:30', '15T09:30'], taken), [
      'edge 15T09:30',
      'edge 15T10:30',
      'edge 16T09:30',
      'edge 16T10:30',
    ])
  })

  it('are the earliest where nothing is taken, whatever the day', () => {
    assert.deepEqual(suggested(['16T09:00', '15T16:00', '15T09:00'], []), [
      'open 15T09:00',
      'open 15T16:00',
      'open 16T09:00',
    ])
  })

  it('count opening and closing like visits where it is said when it is open', () => {
    const open = [stretch('15T09:00', '15T10:30'), stretch('15T11:00', '15T12:00')]
    const slots = ['15T09:00', '15T09:15', '15T09:30', '15T11:00', '15T11:15', '15T11:30']
    assert.deepEqual(suggested(slots, [visits[0]!], { open }), [
      'edge 15T09:00',
      'edge 15T09:30',
      'edge 15T11:00',
      'edge 15T11:30',
      'open 15T09:15',
      'open 15T11:15',
    ])
    assert.deepEqual(
      suggested(['15T10:30'], visits.slice(0, 1), { open: [stretch('15T09:00', '15T11:00')] }),
      ['gap 15T10:30'],
    )
  })

  it('leave room for the buffers between visits, and need none where it opens and closes', () => {
    const buffers = { buffer_before_minutes: 10, buffer_after_minutes: 5 }
    const open = [stretch('15T09:00', '15T14:00')]
    const slots = ['15T09:00', '15T09:10', '15T09:25', '15T12:10', '15T13:25', '15T13:30']
    assert.deepEqual(suggested(slots, visits.slice(1), { ...buffers, open }), [
      'edge 15T12:10',
      'edge 15T13:30',
      'edge 15T09:00',
      'open 15T13:25',
      'open 15T09:10',
      'open 15T09:25',
    ])
    const gap = [stretch('15T09:00', '15T10:00'), stretch('15T10:45', '15T11:00')]
    assert.deepEqual(suggested(['15T10:10'], gap, buffers), ['gap 15T10:10'])
    assert.deepEqual(suggested(['15T10:15'], gap, buffers), ['edge 15T10:15'])
  })

  it('take another seat in a group for a gap that is filled', () => {
    assert.deepEqual(suggested(['15T09:00', '15T10:00'], visits), ['gap 15T10:00', 'open 15T09:00'])
    const taken = [stretch('15T09:00', '15T09:30'), ...visits]
    assert.deepEqual(suggested(['15T10:00', '15T09:30'], taken), ['gap 15T09:30', 'gap 15T10:00'])
  })

  it('are as many as are wanted, and as many of one day', () => {
    const slots = ['15T09:30', '15T10:30', '15T12:00', '16T09:00', '16T09:30', '17T09:00']
    assert.deepEqual(suggested(slots, visits, { most: 2 }), ['gap 15T10:30', 'edge 15T09:30'])
    assert.deepEqual(suggested(slots, visits, { most: 4, most_per_day: 1 }), [
      'gap 15T10:30',
      'open 16T09:00',
      'open 17T09:00',
    ])
  })

  it('name a slot once that is given twice', () => {
    assert.deepEqual(suggested(['15T09:30', '15T10:30', '15T09:30'], visits), [
      'gap 15T10:30',
      'edge 15T09:30',
    ])
  })

  it('name the shorter of two that start together, and both', () => {
    const slots = [
      stretch('15T09:30', '15T10:00'),
      stretch('15T09:00', '15T11:00'),
      stretch('15T09:00', '15T09:30'),
    ]
    assert.deepEqual(
      suggest(slots, [], { time_zone: 'UTC', most: 9 }).map(({ start, end }) => ({ start, end })),
      [slots[2], slots[1], slots[0]],
    )
  })

  it('are refused by the name of the field that makes no sense', () => {
    assert.throws(() => suggested([], [], { most: 0 }), /^RangeError: most: 0/)
    assert.throws(() => suggested([], [], { most_per_day: 0.5 }), /^RangeError: most_per_day: 0\.5/)
    assert.throws(() => suggested([], [], { time_zone: 'Mars/Olympus' }), /^RangeError: time_zone/)
    assert.throws(() => suggested([], [{ start: 1, end: 0 }]), /^RangeError: taken\[0\]/)
    assert.throws(() => suggested([], [], { open: [{ start: 1, end: 0 }] }), /^RangeError: open\[0\]/)
    assert.throws(
      () => suggest([{ start: Number.NaN, end: 0 }], [], { time_zone: 'UTC', most: 1 }),
      /^RangeError: slots\[0\]\.start/,
    )
  })
})

describe('the days that suggestions keep compact', () => {
  it('are those of the zone', () => {
    const taken = [stretch('15T20:30', '15T21:30')]
    const slots = ['15T12:30', '15T23:00']
    // In Auckland both the visit and the later slot are on Tuesday; in New York the earlier one is on their Monday.
    assert.deepEqual(suggested(slots, taken, { time_zone: 'Pacific/Auckland' }), [
      'open 15T23:00',
      'open 15T12:30',
    ])
    assert.deepEqual(suggested(slots, taken, { time_zone: 'Pacific/Auckland', most_per_day: 1 }).length, 1)
    const night = ['15T11:30', '15T12:30']
    assert.equal(suggested(night, [], { time_zone: 'UTC', most_per_day: 1 }).length, 1)
    assert.equal(suggested(night, [], { time_zone: 'Pacific/Auckland', most_per_day: 1 }).length, 2)
  })

  it('do not count what was taken the evening before as beside the morning', () => {
    const taken = [stretch('14T20:00', '14T23:30'), stretch('17T14:00', '17T15:00')]
    assert.deepEqual(suggested(['15T01:00', '17T12:00'], taken), ['open 17T12:00', 'open 15T01:00'])
  })

  it('do not count what is taken the next morning as beside the evening', () => {
    const taken = [stretch('16T09:00', '16T10:00')]
    assert.deepEqual(suggested(['15T23:30', '15T12:00'], taken), ['open 15T12:00', 'open 15T23:30'])
  })

  it('meet at midnight: a visit until then is touched by the slot after it, and one from then by the slot before', () => {
    const evening = [stretch('14T23:00', '15T00:00')]
    assert.deepEqual(suggested(['15T00:00'], evening), ['edge 15T00:00'])
    const morning = [stretch('16T00:00', '16T01:00')]
    assert.deepEqual(suggested(['15T23:30'], morning), ['edge 15T23:30'])
  })

  it('go on to what is next where clocks go back over midnight and an evening comes twice', () => {
    const slot = { start: Date.parse('2007-11-04T02:45Z'), end: Date.parse('2007-11-04T03:00Z') }
    const taken = [{ start: slot.end, end: Date.parse('2007-11-04T03:30Z') }]
    const [suggestion] = suggest([slot], taken, { time_zone: 'America/St_Johns', most: 1 })
    assert.equal(suggestion!.fills, 'edge')
  })

  it('are no better for being shorter, on the day the clocks go forward', () => {
    const options = { time_zone: 'Europe/London', most: 9 }
    const slots = ['2026-03-28T10:00Z', '2026-03-29T10:00Z', '2026-03-30T10:00Z'].map((start) =>
      half(Date.parse(start)),
    )
    assert.deepEqual(
      suggest(slots.toReversed(), [], options).map(({ start }) => start),
      slots.map(({ start }) => start),
    )
  })
})

/** Half hours of June 2026 in UTC that are suggested, as 'fills day and time'. */
function suggested(starts: string[], taken: Interval[], options: Partial<SuggestionOptions> = {}): string[] {
  const slots = starts.map((start) => half(at(start)))
  const suggestions = suggest(slots, taken, { time_zone: 'UTC', most: 9, ...options })
  return suggestions.map(({ start, fills }) => `${fills} ${new Date(start).toISOString().slice(8, 16)}`)
}

function half(start: number): Interval {
  return { start, end: start + 30 * MINUTE }
}

function stretch(start: string, end: string): Interval {
  return { start: at(start), end: at(end) }
}

/** A day of June 2026 and a time, in UTC; the 15th is a Monday. */
function at(day_and_time: string): number {
  return Date.parse(`2026-06-${day_and_time}Z`)
}
