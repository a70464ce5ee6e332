import { dateAt } from '../../engine/wallclock.ts'
import type { Organization } from '../../server/http/routes.ts'
import { InvalidInput } from '../../server/refusal.ts'
import type { Stretch } from '../../server/slots/reservations.ts'
import { dayOf, instantOf } from '../local-times.ts'

const isDay = (text: string) => text.length === 10

/** A date and time as it comes in: without an offset it is UTC. */
export function momentOf(field: string, text: string): Temporal.Instant {
  return instantOf(field, text, 'UTC')
}

/** From when on: the first moment of a date, or the moment that is said. */
export function fromWhen(field: string, text: string, { time_zone }: Organization): Temporal.Instant {
  return isDay(text) ? dayOf(field, text, time_zone).start : momentOf(field, text)
}

/** Until when: a date counts in, a moment does not. */
export function untilWhen(field: string, text: string, { time_zone }: Organization): Temporal.Instant {
  return isDay(text) ? dayOf(field, text, time_zone).end : momentOf(field, text)
}

const MOST_HOURS = 366 * 24 + 1

/** From when until when: not backwards, and not longer than a year. */
export function stretchOf(start: Temporal.Instant, end: Temporal.Instant): Stretch {
  const hours = end.since(start).total('hours')
  if (hours > 0 && hours <= MOST_HOURS) return { start, end }
  const message = hours > 0 ? 'must be within a year of start_date' : 'must not be before start_date'
  throw new InvalidInput([{ field: 'end_date', message }])
}

/** The date that is said, or that a moment falls on. */
export function dateOf(field: string, text: string, { time_zone }: Organization): Temporal.PlainDate {
  const { start } = isDay(text) ? dayOf(field, text, time_zone) : { start: momentOf(field, text) }
  return Temporal.PlainDate.from(dateAt(time_zone, start.epochMilliseconds))
}

export function minutesBetween(start: Temporal.Instant, end: Temporal.Instant): number {
  return Math.round((end.epochMilliseconds - start.epochMilliseconds) / 60_000)
}

export const instant = (at: number) => Temporal.Instant.fromEpochMilliseconds(at)
