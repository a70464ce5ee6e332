import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import * as fc from 'fast-check'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, newService, type Stage } from '../../test/cast.ts'
import { freeSlots, said } from '../../test/free.ts'

const MINUTE = 60_000

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

/** A day in a zone; the clocks change on most of them. */
const someDay = fc.constantFrom(
  ['UTC', '2027-03-02'],
  ['Europe/London', '2027-03-28'],
  ['Europe/London', '2027-10-31'],
  ['America/New_York', '2027-03-14'],
  ['Australia/Lord_Howe', '2027-04-04'],
  ['Asia/Kathmandu', '2027-05-05'],
)
const someTime = fc
  .tuple(fc.nat(23), fc.constantFrom('00', '10', '15', '30', '50'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`)
const someWindow = fc
  .record({ opens: someTime, closes: fc.oneof(someTime, fc.constant('24:00')) })
  .filter(({ opens, closes }) => opens !== closes)

const someOccasion = fc.record({
  day: someDay,
  windows: fc.array(someWindow, { minLength: 1, maxLength: 2 }),
  grid: fc.constantFrom('windows' as const, 'clock' as const),
  service: fc.record({
    minutes: fc.constantFrom(15, 20, 30, 45, 60, 90),
    step_minutes: fc.constantFrom(null, 15, 30, 50),
    buffer_before_minutes: fc.constantFrom(0, 10),
    buffer_after_minutes: fc.constantFrom(0, 5),
  }),
  /** Which of the offered and of the other times are tried: parts of the whole. */
  tried: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 4, maxLength: 4 }),
})

type Occasion = typeof someOccasion extends fc.Arbitrary<infer T> ? T : never

describe('what is offered', () => {
  it('can be booked, and nothing else can', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(someOccasion, async (occasion) => {
        const { day, tried } = occasion
        const { stage, client, asked } = await arrange(occasion)
        const range = aroundDay(day)
        const slots = await freeSlots(app, client, { ...asked, ...range })
        const starts = new Set(slots.map((slot) => slot.starts_at))
        const some = tried.flatMap((part) => slots[Math.floor(part * slots.length)] ?? [])
        for (const { starts_at } of some) {
          const booked = await book(app, client, { ...asked, starts_at })
          assert.equal(said(booked), '201', `${starts_at} is offered`)
          await cancel(stage, booked.body.id)
        }
        // Where a visit ends is on the grid, too, and maybe too late to begin another.
        const ends = [...some, ...slots.slice(-1)].map((slot) => slot.ends_at)
        const others = [...timesWithin(day, tried), ...ends].filter((time) => time < range.to)
        for (const starts_at of others.filter((time) => !starts.has(time))) {
          const refused = await book(app, client, { ...asked, starts_at })
          assert.match(said(refused), /^422 (outside_hours|off_the_grid)$/, `${starts_at} is not offered`)
        }
      }),
      { numRuns: 12 },
    )
  })

  it(
    'and is then not offered a second time, nor anything that would meet it',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(someOccasion, async (occasion) => {
          const { client, asked } = await arrange(occasion)
          const range = { ...asked, from: occasion.day[1]!, to: occasion.day[1]! }
          const before = await freeSlots(app, client, range)
          const chosen = before[Math.floor(occasion.tried[0]! * before.length)]
          if (!chosen) return
          assert.equal(said(await book(app, client, { ...asked, starts_at: chosen.starts_at })), '201')
          const { buffer_before_minutes, buffer_after_minutes } = occasion.service
          const apart = (buffer_before_minutes + buffer_after_minutes) * MINUTE
          const clear = before.filter(
            (slot) =>
              Date.parse(slot.starts_at) >= Date.parse(chosen.ends_at) + apart ||
              Date.parse(slot.ends_at) <= Date.parse(chosen.starts_at) - apart,
          )
          assert.deepEqual(await freeSlots(app, client, range), clear)
        }),
        { numRuns: 12 },
      )
    },
  )
})

async function arrange({ day, windows, grid, service }: Occasion) {
  const rules = { grid, length: 'service', clients_may_overlap: true } as const
  const stage = await newOrganization(app, { rules, time_zone: day[0]! })
  const [provider, client] = [await newProvider(app, stage, { weekdays: [] }), await newClient(app, stage)]
  const everyDay = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) =>
    windows.map((window) => ({ weekday, ...window })),
  )
  const body = { provider_id: provider.id, windows: everyDay }
  assert.equal(said(await app.request('PUT', '/hours/week', { token: stage.admin.token, body })), '200')
  const { id: service_id } = await newService(app, stage, service)
  return { stage, client, asked: { provider_id: provider.id, service_id } }
}

/** From the beginning of the day, a day and a half on. */
function aroundDay([time_zone, date]: readonly string[]) {
  const from = Temporal.PlainDate.from(date!).toZonedDateTime(time_zone!).toInstant()
  return { from: from.toString(), to: from.add({ hours: 36 }).toString() }
}

/** Whole minutes of the day, as far into it as is said. */
function timesWithin(day: readonly string[], parts: number[]): string[] {
  const from = Temporal.Instant.from(aroundDay(day).from)
  return parts.map((part) => from.add({ minutes: Math.floor(part * 24 * 60) }).toString())
}

async function cancel({ admin }: Stage, id: string) {
  assert.equal(said(await app.post(`/appointments/${id}/cancel`, { token: admin.token })), '200')
}
