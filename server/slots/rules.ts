import { sql } from 'kysely'
import { dateAt, localDay } from '../../engine/wallclock.ts'
import type { Reason } from '../../engine/explain.ts'
import type { Transaction } from '../database/transactions.ts'
import type { Rules } from '../../presets/preset.ts'
import type { Refusal } from '../refusal.ts'
import { brokenLimits } from './limits.ts'
import type { Occasion } from './occasion.ts'
import { reasonsAgainst } from './reasons.ts'
import {
  BeyondHorizon,
  BreakNeeded,
  InThePast,
  NoticeTooShort,
  OffTheGrid,
  OutsideHours,
  PublishedSlotsOnly,
  RegistrationClosed,
  RegistrationNotOpen,
  SetAside,
} from './refusals.ts'
import { type Stretch, withBuffers } from './reservations.ts'

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
  const reasons = await reasonsAgainst(trx, occasion, stretch, now, judging.own_id)
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
  const { is_away, ...others } = await inTheWay(trx, occasion, stretch)
  const otherwise = occasion.slot ? null : onlyBySlot(occasion, others)
  // Who has to name a slot is helped by no other hour.
  const told = otherwise ? reasons.filter((reason) => !aboutHours.has(reason)) : reasons
  const against = told.flatMap((reason) => refusals[reason] ?? [])
  if (otherwise) against.push(otherwise)
  else if (is_away && !reasons.includes('closed')) against.push(new OutsideHours(words.provider.one))
  if (judging.overridden) return against
  const limits = await brokenLimits(trx, occasion, stretch.start, now, judging.own_id)
  return [...against, ...outsideRegistration(rules, now), ...limits]
}

/** Refuses what nobody will be there for, whatever else was promised. */
export async function requireSomebodyThere(
  trx: Transaction,
  occasion: Occasion,
  stretch: Stretch,
): Promise<void> {
  const { is_away } = await inTheWay(trx, occasion, stretch)
  if (is_away) throw new OutsideHours(occasion.organization.words.provider.one)
}

const aboutHours: ReadonlySet<Reason> = new Set(['closed', 'off_the_grid'])

/** A time that is to be booked by a published slot, if at all. */
function onlyBySlot(
  { organization }: Occasion,
  { is_set_aside, has_slots_that_day }: Omit<InTheWay, 'is_away'>,
): Refusal | null {
  if (is_set_aside) return new SetAside()
  const { rules, words } = organization
  if (rules.slots_close_their_day && has_slots_that_day) return new PublishedSlotsOnly('day')
  return rules.published_slots_only ? new PublishedSlotsOnly(words.service.one) : null
}

/** Time off and closures, which look like the end of the hours, and published slots, which are booked as such. */
async function inTheWay(trx: Transaction, occasion: Occasion, stretch: Stretch): Promise<InTheWay> {
  const { organization, provider_id, location_id } = occasion
  const around = withBuffers(occasion, stretch)
  const day = localDay(occasion.time_zone, dateAt(occasion.time_zone, stretch.start.epochMilliseconds))
  const { rows } = await sql<InTheWay>`
    select
      exists (select from time_off
        where organization_id = ${organization.id} and ends_at > ${around.start} and starts_at < ${around.end}
          and (provider_id is null or provider_id = ${provider_id}::uuid)
          and (location_id is null or location_id = ${location_id}::uuid)) as is_away,
      exists (select from published_slots
        where organization_id = ${organization.id} and provider_id = ${provider_id}::uuid
          and tstzrange(starts_at, ends_at) && tstzrange(${around.start}, ${around.end})) as is_set_aside,
      exists (select from published_slots
        where organization_id = ${organization.id} and provider_id = ${provider_id}::uuid
          and starts_at >= ${instant(day.start)} and starts_at < ${instant(day.end)}) as has_slots_that_day
    `.execute(trx)
  return rows[0]!
}

interface InTheWay {
  is_away: boolean
  is_set_aside: boolean
  has_slots_that_day: boolean
}

const instant = (at: number) => Temporal.Instant.fromEpochMilliseconds(at)

export function outsideRegistration(rules: Rules, now: Temporal.Instant): Refusal[] {
  const { registration_opens_at: opens, registration_closes_at: closes } = rules
  if (opens && Temporal.Instant.compare(now, opens) < 0) return [new RegistrationNotOpen(opens)]
  if (closes && Temporal.Instant.compare(now, closes) >= 0) return [new RegistrationClosed(closes)]
  return []
}
