/** Times and dates as the school's pages show them, in English. */

/** 02:30 PM */
export function clock12({ hour, minute }: Temporal.PlainTime): string {
  const twelve = hour % 12 === 0 ? 12 : hour % 12
  return `${two(twelve)}:${two(minute)} ${hour < 12 ? 'AM' : 'PM'}`
}

/** 14:30 */
export function clock24({ hour, minute }: Temporal.PlainTime): string {
  return `${two(hour)}:${two(minute)}`
}

export function dayName(date: Temporal.PlainDate): string {
  return date.toLocaleString('en', { weekday: 'long' })
}

export function monthName(date: Temporal.PlainDate): string {
  // In a year of today, as the language would name those of old by the calendar of then.
  return date.with({ year: 2000 }).toLocaleString('en', { month: 'long' })
}

function two(number: number): string {
  return `${number}`.padStart(2, '0')
}
