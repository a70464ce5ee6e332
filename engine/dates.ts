export const MINUTE = 60_000
export const DAY = 86_400_000

/** The number of days from 1970-01-01 to a date 'YYYY-MM-DD', negative before it. A date that no calendar has is a RangeError. */
export function dayNumber(date: string, field = 'date'): number {
  const midnight = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : Number.NaN
  // Date.parse makes the 2nd of March of the 30th of February; only the way back shows it.
  if (Number.isNaN(midnight) || dateOfDay(midnight / DAY) !== date) {
    throw new RangeError(
      `${field}: ${JSON.stringify(date)} is not a date; write YYYY-MM-DD, as in 2026-03-29`,
    )
  }
  return midnight / DAY
}

/** The date 'YYYY-MM-DD' of a day number. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10)
}

/** Monday = 1 to Sunday = 7 (ISO 8601); day 0 was a Thursday. */
export function weekdayOfDay(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** The minutes from midnight to a time 'HH:MM', from '00:00' to '23:59', or to '24:00' where a day may end. */
export function minutesOf(time: string, field: string, latest: '23:59' | '24:00'): number {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time) && !(time === '24:00' && latest === '24:00')) {
    throw new RangeError(
      `${field}: ${JSON.stringify(time)} is not a time; write HH:MM from 00:00 to ${latest}`,
    )
  }
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}
