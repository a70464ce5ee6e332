import type { Recipient } from './recipients.ts'

/** How moments are said to somebody: in their language, in their zone where they have one, else in that of the place. */
export interface Wording {
  time_zone: string
  date(instant: Temporal.Instant): string
  time(instant: Temporal.Instant): string
  day(date: Temporal.PlainDate): string
}

export function wordingFor(
  { locale, time_zone }: Pick<Recipient, 'locale' | 'time_zone'>,
  place: string,
): Wording {
  const zone = time_zone ?? place
  const said = spoken(locale)
  const dates = new Intl.DateTimeFormat(said, { dateStyle: 'full', timeZone: zone })
  const times = new Intl.DateTimeFormat(said, { timeStyle: 'short', timeZone: zone })
  const days = new Intl.DateTimeFormat(said, { dateStyle: 'full', timeZone: 'UTC' })
  return {
    time_zone: zone,
    date: (instant) => dates.format(instant.epochMilliseconds),
    // A space that does not break would cost an SMS its seven-bit letters.
    time: (instant) => times.format(instant.epochMilliseconds).replaceAll(/[\u00a0\u202f]/g, ' '),
    day: (date) => days.format(date.toZonedDateTime('UTC').epochMilliseconds),
  }
}

/** English of nowhere would be that of the United States, where the afternoon is counted from one again. */
function spoken(locale: string): string {
  try {
    return locale === 'en' ? 'en-GB' : new Intl.Locale(locale).toString()
  } catch {
    return 'en-GB'
  }
}
