import type { BreakRule } from '../../engine/breaks.ts'
import { explainStart, type Reason } from '../../engine/explain.ts'
import type { Hours } from '../../engine/hours.ts'
import { isOnGrid } from '../../engine/windows.ts'
import type { Rules } from '../../presets/preset.ts'
import type { Transaction } from '../database/transactions.ts'
import { readHours, timetableFor } from '../hours/timetable.ts'
import { onTheClock } from './grid.ts'
import type { Occasion } from './occasion.ts'
import { busyStretches, type Stretch } from './reservations.ts'

const DAY = 24 * 3600 * 1000

/** What the engine says of a start. A published slot is open for itself, on no grid. */
export async function reasonsAgainst(
  trx: Transaction,
  occasion: Occasion,
  stretch: Stretch,
  now: Temporal.Instant,
  own_id: string | null,
): Promise<Reason[]> {
  const { rules } = occasion.organization
  const start = stretch.start.epochMilliseconds
  const end = stretch.end.epochMilliseconds
  const hours = occasion.slot
    ? only(occasion.time_zone, { start, end })
    : await hoursOf(trx, occasion, stretch)
  const query = {
    start,
    slot_minutes: (end - start) / 60_000,
    buffer_before_minutes: occasion.buffer_before_minutes,
    buffer_after_minutes: occasion.buffer_after_minutes,
    busy: rules.break_after ? await othersBusy(trx, occasion, stretch, now, own_id) : [],
    now: now.epochMilliseconds,
    notice_minutes: rules.notice_minutes,
    horizon_minutes: rules.horizon_minutes ?? undefined,
    breaks: breakRule(rules),
  }
  const reasons = explainStart({ ...hours, ...query, grid: 'none' })
  const isFree = occasion.slot !== null || rules.grid === 'none' || reasons.includes('closed')
  return isFree || isOnSomeGrid(occasion, hours, stretch) ? reasons : [...reasons, 'off_the_grid']
}

/** A length of one's own choosing is offered at steps of that length, as well as at those of the service. */
function isOnSomeGrid(
  { organization, step_minutes }: Occasion,
  hours: Hours,
  { start, end }: Stretch,
): boolean {
  const { grid, length } = organization.rules
  const at = start.epochMilliseconds
  const minutes = (end.epochMilliseconds - at) / 60_000
  return (length === 'request' ? [step_minutes, minutes] : [step_minutes]).some((step) => {
    const aligned = grid === 'clock' ? onTheClock(hours, step, at - 2 * DAY, at + 2 * DAY) : hours
    return isOnGrid(aligned, at, step)
  })
}

async function hoursOf(trx: Transaction, occasion: Occasion, stretch: Stretch): Promise<Hours> {
  const { organization } = occasion
  const rows = await readHours(trx, organization.id, placesOf(occasion), stretch)
  return timetableFor(rows, occasion, organization.rules)
}

function only(time_zone: string, stretch: { start: number; end: number }): Hours {
  return { time_zone, weekly: [], dated: [], open: [stretch] }
}

async function othersBusy(
  trx: Transaction,
  { organization, provider_id, slot }: Occasion,
  { start, end }: Stretch,
  now: Temporal.Instant,
  own_id: string | null,
) {
  const around = { start: start.subtract({ hours: 24 }), end: end.add({ hours: 24 }) }
  const busy = await busyStretches(trx, organization.id, [provider_id], around, now)
  const own = slot?.id ?? own_id
  return (busy.get(provider_id) ?? []).filter(({ session_id }) => session_id !== own)
}

export function breakRule({ break_after }: Rules): BreakRule | null {
  return break_after && { after: break_after.appointments, minutes: break_after.minutes }
}

function placesOf({ provider_id, location_id }: Occasion) {
  return { provider_ids: [provider_id], location_ids: location_id ? [location_id] : [] }
}
