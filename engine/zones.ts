import { DAY } from './dates.ts'
import type { Interval } from './intervals.ts'

/** What is known so far of a time zone. Get one with `zoneNamed`; it remembers what it has looked up. */
export interface Zone {
  name: string
  spans: Span[]
  recent: Span
}

/** A stretch [since, until) in which a zone keeps its clocks `offset` milliseconds ahead of UTC. */
interface Span {
  since: number
  until: number
  offset: number
}

const MOST_ZONES = 128
const MOST_SPANS = 512
const zones = new Map<string, Zone>()

/** The zone with an IANA name; anything else, a bare offset such as +02:00 too, is a RangeError. */
export function zoneNamed(name: string): Zone {
  const known = zones.get(name)
  if (known) return known
  const recent = lookUp(checkedName(name), 0)
  const zone: Zone = { name, spans: [recent], recent }
  if (zones.size >= MOST_ZONES) zones.delete(zones.keys().next().value!)
  zones.set(name, zone)
  return zone
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(zone: Zone, instant: number): number {
  return spanAt(zone, instant).offset
}

/**
 * The instant at which the zone's clocks show `wall` (milliseconds, the wall clock read as if it were UTC).
 * Shown twice, it is the first; skipped, it is read with the offset before the gap, so 01:30 becomes 02:30 where
 * clocks go forward at one (RFC 5545 §3.3.5; "compatible" in Temporal).
 */
export function instantOf(zone: Zone, wall: number): number {
  // Offsets stay within ±16 hours, so this span is never too late; on nearly all days it is also the last one tried.
  let span = spanAt(zone, wall - DAY)
  while (wall - span.offset >= span.until) {
    const next = spanAt(zone, span.until)
    if (wall - next.offset < next.since) break
    span = next
  }
  return wall - span.offset
}

/**
 * The local day with a day number, from its first instant to the first of the next: 23 or 25 hours where clocks change,
 * starting at 01:00 where midnight is skipped, and empty if the zone skipped the date (Pacific/Apia, 2011-12-30).
 */
export function dayIn(zone: Zone, day: number): Interval {
  return { start: firstInstant(zone, day), end: firstInstant(zone, day + 1) }
}

function firstInstant(zone: Zone, day: number): number {
  const midnight = instantOf(zone, day * DAY)
  const span = spanAt(zone, midnight)
  const isShown = midnight + span.offset === day * DAY
  return isShown ? midnight : span.since
}

/** The day number of the date that the zone's calendars show at an instant. */
export function dayAt(zone: Zone, instant: number): number {
  return Math.floor((instant + offsetAt(zone, instant)) / DAY)
}

function spanAt(zone: Zone, instant: number): Span {
  if (!holds(zone.recent, instant))
    zone.recent = zone.spans.find((span) => holds(span, instant)) ?? learn(zone, instant)
  return zone.recent
}

function holds(span: Span, instant: number): boolean {
  return span.since <= instant && instant < span.until
}

function learn(zone: Zone, instant: number): Span {
  // A zone has some two spans a year; whoever asks for centuries starts over rather than fill the memory.
  if (zone.spans.length >= MOST_SPANS) zone.spans = []
  const span = lookUp(zone.name, instant)
  zone.spans.push(span)
  return span
}

function lookUp(name: string, instant: number): Span {
  const here = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(name)
  // A transition at this very instant has happened, but "previous" would not count it.
  const previous = here.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')
  const next = here.getTimeZoneTransition('next')
  return {
    since: previous?.epochMilliseconds ?? -Infinity,
    until: next?.epochMilliseconds ?? Infinity,
    offset: here.offsetNanoseconds / 1e6,
  }
}

function checkedName(name: string): string {
  try {
    // Temporal would also take an offset or a whole ISO 8601 string here.
    if (!/^[A-Za-z]/.test(name)) throw new RangeError()
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch {
    throw new RangeError(
      `time_zone: ${JSON.stringify(name)} is not a known IANA time zone; write a name such as Europe/London`,
    )
  }
}
