import type { Static } from 'typebox'
import { InvalidInput } from '../../server/refusal.ts'
import { timeOfDay } from '../local-times.ts'
import type { AvailabilityChangeBody, GeneralAvailability } from './shapes.ts'

type Availability = Static<typeof GeneralAvailability>
type Wanted = Omit<Static<typeof AvailabilityChangeBody>, 'staff_id'>

/**
 * The window that an availability is, or becomes where there was one before. Throws InvalidInput for one that ends
 * before it begins, and for one that is neither of a weekday nor of a date, or of both.
 */
export function windowOf(wanted: Wanted, before?: Availability) {
  const starts = wanted.start_time ?? before?.start_time
  const ends = wanted.end_time ?? before?.end_time
  const [opens, closes] = [starts, ends].map((time) => time && timeOfDay(time))
  if (opens && closes && closes <= opens) {
    throw new InvalidInput([{ field: 'end_time', message: 'must be after start_time' }])
  }
  return { ...dayWanted(wanted, before), opens, closes }
}

function dayWanted({ day_of_week, specific_date, is_recurring }: Wanted, before?: Availability) {
  if (isGiven(day_of_week) && isGiven(specific_date)) {
    throw new InvalidInput([{ field: 'day_of_week', message: 'or specific_date is needed, and not both' }])
  }
  if (!isGiven(day_of_week) && !isGiven(specific_date) && !before) {
    throw new InvalidInput([{ field: 'day_of_week', message: 'or specific_date is needed' }])
  }
  const isWeekly = isGiven(day_of_week) || (!isGiven(specific_date) && (before?.is_recurring ?? false))
  if (is_recurring === false && isWeekly) {
    throw new InvalidInput([
      { field: 'is_recurring', message: 'must be true for a day_of_week; give a specific_date for one day' },
    ])
  }
  return {
    ...(isGiven(day_of_week) && { weekday: day_of_week + 1 }),
    ...(isGiven(specific_date) && { date: specific_date }),
  }
}

function isGiven<T>(day: T | null | undefined): day is T {
  return day !== undefined && day !== null
}
