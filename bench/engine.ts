import { findSlots, type SlotQuery } from '../engine/slots.ts'

export interface Measurement {
  what: string
  budget: string
  measured: string
  ok: boolean
}

const DAY = 86_400_000
const BUDGET_MS = 1.5
const RUNS = 400

/** The engine's budgets (DESIGN.md, section 10): times in milliseconds on one core, growth as a ratio within one run. */
export async function benchEngine(): Promise<Measurement[]> {
  const year = time(yearOf(365, 2_000))
  const twoYears = time(yearOf(730, 4_000))
  const always = time({ ...yearOf(365, 2_000), weekly: everyDay('00:00', '24:00') })
  const growth = twoYears.median / year.median
  return [
    within(`findSlots, a year, open 9 to 17, 2,000 bookings: ${year.found} slots`, year),
    within(`findSlots, a year, open around the clock, 2,000 bookings: ${always.found} slots`, always),
    {
      what: 'findSlots, growth when days and bookings double',
      budget: '≤ 2.6×',
      measured: `${growth.toFixed(2)}×`,
      ok: growth <= 2.6,
    },
  ]
}

interface Timing {
  median: number
  p99: number
  found: number
}

function within(what: string, { median, p99 }: Timing): Measurement {
  return {
    what,
    budget: `≤ ${BUDGET_MS} ms median`,
    measured: `${median.toFixed(3)} ms median, ${p99.toFixed(3)} ms p99`,
    ok: median <= BUDGET_MS,
  }
}

function time(query: SlotQuery): Timing {
  let found = 0
  const times: number[] = []
  // As many runs again to warm up: what is measured is a server that has been running for a while.
  for (let run = -RUNS; run < RUNS; run++) {
    const started = performance.now()
    found = findSlots(query).length
    if (run >= 0) times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  return { median: times[RUNS / 2]!, p99: times[Math.floor(RUNS * 0.99)]!, found }
}

/** Bookings of 15 to 60 minutes spread over the days in no order, as a database may return them. */
function yearOf(days: number, bookings: number): SlotQuery {
  const from = Date.UTC(2026, 0, 1)
  const busy = Array.from({ length: bookings }, (_, i) => {
    const scattered = (i * 7_919) % bookings
    const start =
      from + Math.floor((scattered * days) / bookings) * DAY + (9 * 4 + (scattered % 32)) * 900_000
    return { start, end: start + (1 + (i % 4)) * 900_000 }
  })
  return {
    time_zone: 'Europe/London',
    weekly: everyDay('09:00', '17:00'),
    dated: [],
    busy,
    from,
    to: from + days * DAY,
    slot_minutes: 15,
  }
}

function everyDay(opens: string, closes: string) {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens, closes }))
}

if (import.meta.main) console.table(await benchEngine())
