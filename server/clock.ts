/** The program's clock, in one place: everything else is handed `now`. */
export type Clock = () => Temporal.Instant

/** The time of day, or, when an instant is given, a clock that starts there and runs on. */
export function startClock(from?: string): Clock {
  if (!from) return () => Temporal.Instant.fromEpochMilliseconds(Date.now())
  const shift = Temporal.Instant.from(from).epochMilliseconds - Date.now()
  return () => Temporal.Instant.fromEpochMilliseconds(Date.now() + shift)
}
