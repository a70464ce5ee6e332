import type { AppointmentState } from '../database/tables.ts'
import type { Occasion } from '../slots/occasion.ts'
import type { Stretch } from '../slots/reservations.ts'
import type { Place } from './problems.ts'
import type { Importing } from './progress.ts'

/** What a row of appointments comes to. */
export interface Agreement {
  occasion: Occasion & { client: NonNullable<Occasion['client']> }
  stretch: Stretch
  state: AppointmentState
}

/** Whether its time is to be kept. */
export function isToCome({ stretch, state }: Agreement, now: Temporal.Instant): boolean {
  return isActive(state) && isAfter(stretch.end, now)
}

export function isActive(state: AppointmentState): boolean {
  return ['pending', 'confirmed', 'arrived', 'in_progress'].includes(state)
}

export function isAfter(one: Temporal.Instant, other: Temporal.Instant): boolean {
  return Temporal.Instant.compare(one, other) > 0
}

/** Which appointments there are already, so that none becomes two. */
export class Agreed {
  #importing: Importing
  #before: Set<string>
  #lines = new Map<string, number>()

  private constructor(importing: Importing, before: Set<string>) {
    this.#importing = importing
    this.#before = before
  }

  /** Reads those at the times of these rows. */
  static async read(
    importing: Importing,
    rows: { values: { starts_at?: Temporal.Instant } }[],
  ): Promise<Agreed> {
    const starts = rows.flatMap(({ values }) => values.starts_at ?? []).toSorted(Temporal.Instant.compare)
    const [first, last] = [starts[0], starts.at(-1)]
    if (!first || !last) return new Agreed(importing, new Set())
    const there = await importing.trx
      .selectFrom('appointments')
      .select(['provider_id', 'client_id', 'starts_at'])
      .where('organization_id', '=', importing.organization.id)
      .where('starts_at', '>=', first)
      .where('starts_at', '<=', last)
      .execute()
    return new Agreed(importing, new Set(there.map(keyOf)))
  }

  /**
   * Tells of an appointment that was there before the import, or stands in the file twice. One that was cancelled and
   * booked anew at the same time is two.
   */
  refuseDouble(row: Place, { occasion, stretch, state }: Agreement): void {
    const { provider_id, client, dependent } = occasion
    const key = keyOf({ provider_id, client_id: client.id, starts_at: stretch.start })
    const { problems, organization } = this.#importing
    const { provider, client: clients } = organization.words
    if (this.#before.has(key)) {
      const same = `the same ${provider.one} and ${clients.one} at the same time`
      problems.add(row, undefined, `is there already: ${same}`)
    }
    const inFile = [key, dependent?.id, state].join()
    const line = this.#lines.get(inFile)
    if (line !== undefined) problems.add(row, undefined, `is there already: it says the same as line ${line}`)
    else this.#lines.set(inFile, row.line)
  }
}

function keyOf(one: { provider_id: string; client_id: string; starts_at: Temporal.Instant }): string {
  return [one.provider_id, one.client_id, one.starts_at.epochMilliseconds].join()
}
