import { isOpen, isOnGrid } from '../../engine/windows.ts'
import type { Transaction } from '../database/transactions.ts'
import { readHours, timetableFor } from '../hours/timetable.ts'
import { Refusal } from '../refusal.ts'
import { onTheClock } from './grid.ts'
import type { Offer } from './offer.ts'
import type { Stretch } from './reservations.ts'

const DAY = 24 * 3600 * 1000

export class InThePast extends Refusal {
  readonly code = 'in_the_past'
  readonly status = 422
  constructor() {
    super('This time has passed. Choose one that is still to come.')
  }
}

export class NoticeTooShort extends Refusal {
  readonly code = 'notice_too_short'
  readonly status = 422
  constructor(minutes: number) {
    super(`This is too soon: it must be booked at least ${inWords(minutes)} before.`)
  }
}

export class BeyondHorizon extends Refusal {
  readonly code = 'beyond_horizon'
  readonly status = 422
  constructor(minutes: number) {
    super(`This is too far ahead: it can be booked at most ${inWords(minutes)} before.`)
  }
}

export class OutsideHours extends Refusal {
  readonly code = 'outside_hours'
  readonly status = 422
  constructor(who: string) {
    super(`The ${who} takes no appointments for all of this time. Ask for the free times.`)
  }
}

export class OffTheGrid extends Refusal {
  readonly code = 'off_the_grid'
  readonly status = 422
  constructor(step_minutes: number) {
    super(`Appointments start at every ${step_minutes} minutes here, not in between. Ask for the free times.`)
  }
}

/**
 * Refuses a time that the organization's rules or the hours do not allow, by the same arithmetic that offers times.
 * What is taken is not judged here: `reserve` decides that, and before this.
 */
export async function requireAllowedTime(
  trx: Transaction,
  offer: Offer,
  { start, end }: Stretch,
  now: Temporal.Instant,
  policies: { overridden: boolean },
): Promise<void> {
  const { rules, words, id } = offer.organization
  const at = start.epochMilliseconds
  const ahead = at - now.epochMilliseconds
  if (ahead < 0) throw new InThePast()
  if (!policies.overridden) {
    if (ahead < rules.notice_minutes * 60_000) throw new NoticeTooShort(rules.notice_minutes)
    if (rules.horizon_minutes !== null && ahead > rules.horizon_minutes * 60_000) {
      throw new BeyondHorizon(rules.horizon_minutes)
    }
  }

  const { provider_id, location_id } = offer
  const of = { provider_ids: [provider_id], location_ids: location_id ? [location_id] : [] }
  const hours = timetableFor(await readHours(trx, id, of, { start, end }), offer, rules)
  if (!isOpen(hours, at, end.epochMilliseconds)) throw new OutsideHours(words.provider.one)
  if (rules.grid === 'none') return
  const isOffered = stepsOf(offer, { start, end }).some((step_minutes) => {
    const grid = rules.grid === 'clock' ? onTheClock(hours, step_minutes, at - 2 * DAY, at + 2 * DAY) : hours
    return isOnGrid(grid, at, step_minutes)
  })
  if (!isOffered) throw new OffTheGrid(offer.step_minutes)
}

/** A length of one's own choosing is offered at steps of that length, as well as at those of the service. */
function stepsOf({ organization, step_minutes }: Offer, { start, end }: Stretch): number[] {
  const minutes = (end.epochMilliseconds - start.epochMilliseconds) / 60_000
  return organization.rules.length === 'request' ? [step_minutes, minutes] : [step_minutes]
}

/** A length of time as people say it. */
export function inWords(minutes: number): string {
  if (minutes % 1440 === 0) return counted(minutes / 1440, 'day')
  return minutes % 60 === 0 ? counted(minutes / 60, 'hour') : counted(minutes, 'minute')
}

function counted(number: number, unit: string): string {
  return number === 1 ? `1 ${unit}` : `${number} ${unit}s`
}
