import type { Rules } from '../presets/preset.ts'
import type { Service } from '../server/services/services.ts'
import { findFreeSlots } from '../server/slots/free.ts'
import type { FreeSlot } from '../server/slots/offering.ts'
import type { Random } from './random.ts'
import type { Somebody, Stage } from './stage.ts'

/** What a provider is booked for, and where. */
export interface Practice {
  provider: Somebody
  services: Service[]
  /** Where it is not the only location. */
  location_id?: string
}

export interface Season {
  practices: Practice[]
  clients: Somebody[]
  /** So many weeks before and after now. */
  weeks: number
  /** After now, where that is another number. */
  weeks_ahead?: number
  /** So many appointments of each practice lie behind and ahead, as far as there is room. */
  behind: number
  ahead: number
}

export interface Visit {
  practice: Practice
  service: Service
  client: Somebody
  start: Temporal.Instant
  end: Temporal.Instant
  /** For when it was booked at first, if it was moved. */
  first_start?: Temporal.Instant
}

interface Opening {
  practice: Practice
  service: Service
  start: number
  end: number
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const MOVED = 0.08

/**
 * Decides who meets whom when: times that the program itself offers, each person in one place at a time. A time that
 * was given back stays empty, so whatever order the bookings are made in, none was in another's way.
 */
export async function planVisits(stage: Stage, season: Season): Promise<Visit[]> {
  const { random, organization } = stage
  const now = stage.now.epochMilliseconds
  const diary = new Diary(organization.rules)
  await enterBooked(stage, diary)
  const visits: Visit[] = []
  for (const practice of season.practices) {
    const openings = random.shuffled(await openingsOf(stage, practice, season))
    const behind = openings.filter(({ start }) => start < now)
    const ahead = openings.filter(({ start }) => start >= now)
    visits.push(
      ...fillUp(behind, season.behind, season.clients, diary, random),
      ...fillUp(ahead, season.ahead, season.clients, diary, random),
    )
  }
  return visits.toSorted((one, other) => Temporal.Instant.compare(one.start, other.start))
}

/** Where clients have to be already. What is taken of a provider's time is not offered, and needs no entry. */
async function enterBooked({ trx, organization }: Stage, diary: Diary): Promise<void> {
  const booked = await trx
    .selectFrom('appointments')
    .select(['client_id', 'location_id', 'starts_at', 'ends_at'])
    .where('organization_id', '=', organization.id)
    .where('state', 'not in', ['cancelled', 'declined'])
    .execute()
  for (const { client_id, location_id, starts_at, ends_at } of booked) {
    diary.visit(client_id, location_id)
    diary.block(client_id, starts_at.epochMilliseconds, ends_at.epochMilliseconds)
  }
}

async function openingsOf(
  { trx, organization, now, founded }: Stage,
  practice: Practice,
  { weeks, weeks_ahead = weeks }: Season,
): Promise<Opening[]> {
  const { provider, services, location_id } = practice
  const week = 7 * 24
  const between = { from: now.subtract({ hours: weeks * week }), to: now.add({ hours: weeks_ahead * week }) }
  const openings = []
  for (const service of services) {
    const wanted = { ...between, provider_id: provider.id, service_id: service.id, location_id }
    const slots = await findFreeSlots(trx, organization, wanted, founded)
    openings.push(...slots.map(({ start, end }: FreeSlot) => ({ practice, service, start, end })))
  }
  return openings
}

function fillUp(
  openings: Opening[],
  count: number,
  clients: Somebody[],
  diary: Diary,
  random: Random,
): Visit[] {
  const visits: Visit[] = []
  for (const opening of openings) {
    if (visits.length === count) break
    const client = random.shuffled(clients).find(({ id }) => diary.hasRoom(opening, id))
    if (!client) continue
    diary.enter(opening, client.id)
    const first = random.chance(MOVED)
      ? openings.find((other) => isNear(opening, other) && diary.isFree(other, client.id))
      : undefined
    if (first) diary.enter(first, client.id)
    visits.push({
      ...opening,
      client,
      start: instant(opening.start),
      end: instant(opening.end),
      first_start: first && instant(first.start),
    })
  }
  return visits
}

/** Where somebody might have moved an appointment from. */
function isNear(opening: Opening, other: Opening): boolean {
  return other.service === opening.service && Math.abs(other.start - opening.start) <= 3 * DAY
}

/** Who is busy when. */
class Diary {
  #entries = new Map<string, { start: number; end: number }[]>()
  #rules: Rules
  /** Who has been at a location, where once is enough. */
  #visitors = new Set<string>()

  constructor(rules: Rules) {
    this.#rules = rules
  }

  hasRoom(opening: Opening, client_id: string): boolean {
    const isEnough =
      this.#rules.one_per_client_and_location &&
      this.#visitors.has(`${client_id} ${opening.practice.location_id}`)
    return !isEnough && this.isFree(opening, client_id)
  }

  isFree(opening: Opening, client_id: string): boolean {
    return this.#stretches(opening, client_id).every(({ party, start, end }) =>
      (this.#entries.get(party) ?? []).every((entry) => entry.end <= start || end <= entry.start),
    )
  }

  enter(opening: Opening, client_id: string): void {
    this.visit(client_id, opening.practice.location_id)
    for (const { party, start, end } of this.#stretches(opening, client_id)) this.block(party, start, end)
  }

  visit(client_id: string, location_id: string | null | undefined): void {
    this.#visitors.add(`${client_id} ${location_id}`)
  }

  block(party: string, start: number, end: number): void {
    const entries = this.#entries.get(party)
    if (entries) entries.push({ start, end })
    else this.#entries.set(party, [{ start, end }])
  }

  #stretches({ practice, service, start, end }: Opening, client_id: string) {
    const around = {
      start: start - service.buffer_before_minutes * MINUTE,
      end: end + service.buffer_after_minutes * MINUTE,
    }
    const busy = [
      { party: client_id, start, end },
      { party: practice.provider.id, ...around },
    ]
    const { location_id } = practice
    if (this.#rules.location_takes_one && location_id) busy.push({ party: location_id, ...around })
    return busy
  }
}

function instant(milliseconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds)
}
