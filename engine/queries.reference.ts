/** Every kind of question to ask `findSlots`, for tests only; most lie around a day on which something is odd. */
import * as fc from 'fast-check'
import type { SlotQuery } from './slots.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Clocks change on these days, or a date is missing, or (the last three) nothing happens. */
const days = [
  ['Europe/London', '2026-03-29'],
  ['Europe/London', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Asia/Beirut', '2026-03-29'],
  ['Asia/Beirut', '2026-10-25'],
  ['America/Santiago', '2026-04-05'],
  ['America/Santiago', '2026-09-06'],
  ['America/Havana', '2026-11-01'],
  ['America/St_Johns', '2007-11-04'],
  ['Antarctica/Troll', '2026-03-29'],
  ['Pacific/Apia', '2011-12-30'],
  ['Pacific/Apia', '2011-12-31'],
  ['Africa/Casablanca', '2026-02-15'],
  ['Africa/Casablanca', '2026-03-22'],
  ['Asia/Kathmandu', '2026-06-15'],
  ['Asia/Kolkata', '2026-06-15'],
  ['UTC', '2024-02-29'],
] as const

/** All times are multiples of 15 seconds, as the reference needs them; wall-clock times are whole minutes anyway. */
export const someQuery: fc.Arbitrary<SlotQuery> = fc
  .constantFrom(...days)
  .chain(([time_zone, date]) => {
    const noon = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: time_zone, plainTime: '12:00' })
    return fc.tuple(
      someHours(time_zone, date, noon.epochMilliseconds),
      someRange(noon.epochMilliseconds),
      someBusy(noon.epochMilliseconds),
      someRules,
      someClock(noon.epochMilliseconds),
    )
  })
  .map(([hours, range, busy, rules, clock]) => Object.assign({ busy }, hours, range, rules, clock))

const someTime = fc
  .tuple(fc.nat(23), fc.constantFrom('00', '15', '30', '45', '50', '07'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`)

const allDay = { opens: '00:00', closes: '24:00' }
const someWindow = fc.oneof(
  fc.record({ opens: someTime, closes: someTime }),
  fc.record({ opens: someTime, closes: fc.constant('24:00') }),
  fc.constantFrom(allDay, allDay, { opens: '00:00', closes: '02:30' }),
)

const everyDay = someWindow.map(({ opens, closes }) =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens, closes })),
)
const anyDay = fc
  .tuple(fc.integer({ min: 1, max: 7 }), someWindow)
  .map(([weekday, { opens, closes }]) => ({ weekday, opens, closes }))

function someHours(time_zone: string, date: string, noon: number) {
  const someDate = fc
    .integer({ min: -3, max: 3 })
    .map((n) => Temporal.PlainDate.from(date).add({ days: n }).toString())
  return fc.record({
    time_zone: fc.constant(time_zone),
    weekly: fc.oneof(everyDay, fc.array(anyDay, { minLength: 4, maxLength: 14 })),
    dated: fc.array(fc.record({ date: someDate, windows: fc.array(someWindow, { maxLength: 2 }) }), {
      maxLength: 3,
    }),
    open: fc.option(fc.array(stretch(noon, 5 * MINUTE, 2 * DAY), { maxLength: 3 }), { nil: undefined }),
  })
}

function someRange(noon: number) {
  return fc
    .tuple(near(noon, MINUTE), fc.nat(3 * 24 * 60))
    .map(([from, minutes]) => ({ from, to: from + minutes * MINUTE }))
}

function someBusy(noon: number) {
  return fc.oneof(
    fc.array(stretch(noon, 15_000, 90 * MINUTE), { maxLength: 20 }),
    fc.array(stretch(noon, 5 * MINUTE, 10 * HOUR), { maxLength: 5 }),
  )
}

const someRules = fc.record({
  slot_minutes: fc.constantFrom(5, 5, 10, 20, 25, 30, 45, 60, 90, 240, 3_000),
  step_minutes: fc.constantFrom(undefined, undefined, 5, 7, 15, 30, 50, 60),
  buffer_before_minutes: fc.constantFrom(0, 0, 5, 20),
  buffer_after_minutes: fc.constantFrom(0, 0, 10, 45),
})

function someClock(noon: number) {
  return fc.oneof(
    fc.constant({}),
    fc.constant({}),
    fc.record({
      now: near(noon, 15_000),
      notice_minutes: fc.constantFrom(0, 0, 60, 24 * 60),
      horizon_minutes: fc.constantFrom(undefined, undefined, 60, 48 * 60),
    }),
  )
}

function stretch(noon: number, unit: number, longest: number) {
  return fc
    .tuple(near(noon, unit), fc.nat(longest / unit))
    .map(([start, units]) => ({ start, end: start + units * unit }))
}

function near(noon: number, unit: number) {
  const units = (2 * DAY) / unit
  return fc.integer({ min: -units, max: units }).map((n) => noon + n * unit)
}
