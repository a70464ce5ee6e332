const FIRST_SECONDS = 5
const LONGEST_SECONDS = 60

/** How long a channel rests whose service is not there: each time longer, until it answers. */
export class Pauses {
  #seconds = 0
  #until: Temporal.Instant | null = null
  /** What was said when it began. */
  reason = ''
  readonly #first: number

  /** With a `retry_seconds` of nothing there is no rest, either. */
  constructor(retry_seconds: number) {
    this.#first = Math.min(FIRST_SECONDS, retry_seconds)
  }

  /** Begins a rest and answers how many seconds it lasts; those that failed together begin one. */
  begin(now: Temporal.Instant, reason: string): number {
    const left = this.left(now)
    if (left > 0) return left
    this.reason = reason
    this.#seconds = Math.min(LONGEST_SECONDS, this.#seconds * 2 || this.#first)
    this.#until = now.add({ seconds: this.#seconds })
    return this.#seconds
  }

  end(): void {
    this.#seconds = 0
    this.#until = null
  }

  /** Seconds that are left of a rest. */
  left(now: Temporal.Instant): number {
    if (!this.#until) return 0
    return Math.max(0, Math.ceil(now.until(this.#until).total('seconds')))
  }
}
