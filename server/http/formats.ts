const MOMENT = /^(?!0000)\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i
const DAY = /^(?!0000)\d{4}-\d\d-\d\d$/

/** RFC 3339, in so far as Temporal and PostgreSQL can both read it: no year 0, no more than nine decimals. */
export function isInstant(text: string): boolean {
  return MOMENT.test(text) && canBeRead(() => Temporal.Instant.from(text))
}

/** A day of the calendar that there is, from the year 1 on. */
export function isDate(text: string): boolean {
  return DAY.test(text) && canBeRead(() => Temporal.PlainDate.from(text))
}

function canBeRead(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}
