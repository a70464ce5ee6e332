import { sql } from 'kysely'
import type { BreakRule } from '../../engine/breaks.ts'
import { explainStart, type Reason } from '../../engine/explain.ts'
import type { Hours } from '../../engine/hours.ts'
import { isOnGrid } from '../../engine/windows.ts'
import type { Transaction } from '../database/transactions.ts'
import { readHours, timetableFor } from '../hours/timetable.ts'
import type { Rules } from '../../presets/preset.ts'
import type { Refusal } from '../refusal.ts'
import { onTheClock } from './grid.ts'
import { brokenLimits } from './limits.ts'
import type { Occasion } from './occasion.ts'
import {
  BeyondHorizon,
  BreakNeeded,
  InThePast,
  NoticeTooShort,
  OffTheGrid,
  OutsideHours,
  RegistrationClosed,
  RegistrationNotOpen,
  SetAside,
} from './refusals.ts'
import { busyStretches, type Stretch, withBuffers } from './reservations.ts'

const DAY = 24 * 3600 * 1000

export interface Judging {
  /** The rules of notice, horizon, registration and limits are not asked. */
  overridden: boolean
  /** The appointment or the hold that takes this time: in nobody's way, and not counted. */
  own_id: string | null
}

/**
 * Refuses a time that the organization's rules or the hours do not allow, by the same arithmetic that offers times.
 * What is taken is not judged here: `reserve` decides that, and before this.
 */
export async function requireAllowedTime(
  trx: Transaction,
  occasion: Occasion,
  stretch: Stretch,
  now: Temporal.Instant,
  judging: Judging,
): Promise<void> {
  const [refusal] = await refusalsOf(trx, occasion, stretch, now, judging)
  if (refusal) throw refusal
}

/** All that the rules and the hours have against a time, the weightiest first. */
export async function refusalsOf(
  trx: Transaction,
  occasion: Occasion,
  stretch: Stretch,
  now: Temporal.Instant,
  judging: Judging,
): Promise<Refusal[]> {
  const { rules, words } = occasion.organization
  const reasons = await reasonsAgainst(trx, occasion, stretch, now, judging)
  const refusals: Partial<Record<Reason, Refusal>> = {
    past: new InThePast(),
    closed: new OutsideHours(words.provider.one),
    off_the_grid: new OffTheGrid(occasion.step_minutes),
    ...(rules.break_after && { break: new BreakNeeded(words.provider.one, rules.break_after) }),
    ...(!judging.overridden && {
      notice: new NoticeTooShort(rules.notice_minutes),
      ...(rules.horizon_minutes !== null && { horizon: new BeyondHorizon(rules.horizon_minutes) }),
    }),
  }
  const against = reasons.flatMap((reason) => refusals[reason] ?? [])
  const outside = new OutsideHours(words.provider.one)
  if (!reasons.includes('closed')) against.push(...(await inTheWay(trx, occasion, stretch, outside)))
  if (judging.overridden) return against
  const limits = await brokenLimits(trx, occasion, stretch.start, now, judging.own_id)
  return [...against, ...outsideRegistration(rules, now), ...limits]
}

/** What the engine says of a start. A published slot is open for itself, on no grid. */
async function reasonsAgainst(
  trx: Transaction,
  occasion: Occasion,
  stretch: Stretch,
  now: Temporal.Instant,
  { own_id }: Judging,
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

/** Time off and closures, which look like the end of the hours, and published slots, which are booked as such. */
async function inTheWay(
  trx: Transaction,
  occasion: Occasion,
  stretch: Stretch,
  outside: Refusal,
): Promise<Refusal[]> {
  const { organization, provider_id, location_id, slot } = occasion
  const around = withBuffers(occasion, stretch)
  const { rows } = await sql<{ is_away: boolean; is_set_aside: boolean }>`
    select
      exists (select from time_off
        where organization_id = ${organization.id} and ends_at > ${around.start} and starts_at < ${around.end}
          and (provider_id is null or provider_id = ${provider_id}::uuid)
          and (location_id is null or location_id = ${location_id}::uuid)) as is_away,
      exists (select from published_slots
        where organization_id = ${organization.id} and provider_id = ${provider_id}::uuid
          and tstzrange(starts_at, ends_at) && tstzrange(${around.start}, ${around.end})) as is_set_aside
    `.execute(trx)
  const { is_away, is_set_aside } = rows[0]!
  if (is_away) return [outside]
  return is_set_aside && !slot ? [new SetAside()] : []
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

export function outsideRegistration(rules: Rules, now: Temporal.Instant): Refusal[] {
  const { registration_opens_at: opens, registration_closes_at: closes } = rules
  if (opens && Temporal.Instant.compare(now, opens) < 0) return [new RegistrationNotOpen(opens)]
  if (closes && Temporal.Instant.compare(now, closes) >= 0) return [new RegistrationClosed(closes)]
  return []
}

export function breakRule({ break_after }: Rules): BreakRule | null {
  return break_after && { after: break_after.appointments, minutes: break_after.minutes }
}

function placesOf({ provider_id, location_id }: Occasion) {
  return { provider_ids: [provider_id], location_ids: location_id ? [location_id] : [] }
}
