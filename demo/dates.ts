import type { Stage } from './stage.ts'

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** A day of a week counted from this one. */
export function dateOf({ now, organization }: Stage, weeks: number, day: (typeof days)[number]): string {
  const today = now.toZonedDateTimeISO(organization.time_zone).toPlainDate()
  return today.add({ days: weeks * 7 + days.indexOf(day) + 1 - today.dayOfWeek }).toString()
}

/** A time on the organization's wall clock. */
export function momentOf({ organization }: Stage, date: string, time: string): Temporal.Instant {
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(organization.time_zone).toInstant()
}
