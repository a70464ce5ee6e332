import { instantAt } from '../../engine/wallclock.ts'
import type { Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { awayFrom, readTimeOff } from '../hours/away.ts'
import { readOrganization } from '../organizations/organizations.ts'
import { lockParties } from '../people/parties.ts'
import { type Actor, may, type TheClock } from '../permissions.ts'
import { InvalidInput, NotAllowed, NotFound } from '../refusal.ts'
import { type Offer, readOffers } from './offer.ts'
import { readPublished, type SlotWithSeats } from './published.ts'
import { insertSlots, requirePublisher, type SlotContent, type SlotsOf } from './publishing.ts'
import { busyStretches } from './reservations.ts'

/** For each weekday (Monday = 1) the slots of that day, on the wall clock. */
export type Week = Record<string, { start: string; end: string }[]>

export interface SlotTemplate extends SlotsOf {
  week: Week
}

export type StoredTemplate = Row<'slot_templates'>

/** For how many weeks from today a template makes slots. */
export const WEEKS_AHEAD = 4

/** Keeps a provider's week of slots, in the place of the one that was kept. */
export async function keepTemplate(
  db: Database | Transaction,
  actor: Actor,
  { provider_id, service_id = null, location_id = null, week }: SlotTemplate,
  now: Temporal.Instant,
): Promise<StoredTemplate> {
  return inTransaction(db, async (trx) => {
    await requireTemplate(trx, actor, { provider_id, service_id, location_id, week })
    const content = { service_id, location_id, week: JSON.stringify(week), updated_at: now }
    return trx
      .insertInto('slot_templates')
      .values({ organization_id: actor.organization_id, provider_id, ...content, created_at: now })
      .onConflict((conflict) => conflict.columns(['organization_id', 'provider_id']).doUpdateSet(content))
      .returningAll()
      .executeTakeFirstOrThrow()
  })
}

/** Requires that a week is one, and that the actor may publish it for its provider there. */
export async function requireTemplate(
  trx: Transaction,
  actor: Actor | TheClock,
  template: SlotTemplate,
): Promise<string | null> {
  requireWeek(template.week)
  return requirePublisher(trx, actor, template)
}

/** The week that is kept of a provider. */
export async function readTemplate(
  db: Database | Transaction,
  actor: Actor,
  provider_id: string,
): Promise<StoredTemplate> {
  await requireReach(db, actor, provider_id)
  const template = await storedTemplates(db, actor.organization_id)
    .where('provider_id', '=', provider_id)
    .executeTakeFirst()
  if (!template) throw new NotFound('week of slots of the provider')
  return template
}

/** Forgets it; what was published from it stays. */
export async function forgetTemplate(
  db: Database | Transaction,
  actor: Actor,
  provider_id: string,
): Promise<void> {
  await requireReach(db, actor, provider_id)
  await db
    .deleteFrom('slot_templates')
    .where('organization_id', '=', actor.organization_id)
    .where('provider_id', '=', provider_id)
    .execute()
}

export function storedTemplates(db: Database | Transaction, organization_id: string) {
  return db
    .selectFrom('slot_templates')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .orderBy('provider_id')
}

/**
 * Publishes the slots of a week for some weeks from today. Those that would meet a slot or an appointment that there is,
 * or a time off, or that have passed, are skipped: the same week twice publishes nothing anew.
 */
export async function publishWeeks(
  db: Database | Transaction,
  actor: Actor | TheClock,
  template: SlotTemplate,
  weeks: number,
  now: Temporal.Instant,
): Promise<SlotWithSeats[]> {
  return inTransaction(db, async (trx) => {
    const location_id = await requireTemplate(trx, actor, template)
    await lockParties(trx, actor.organization_id, [template.provider_id])
    const [offer] = await readOffers(trx, await readOrganization(trx, actor.organization_id), template)
    const wanted = slotsOf(template.week, offer!.time_zone, weeks, now)
    const free = await withoutTaken(trx, offer!, wanted, now)
    return insertSlots(trx, actor.organization_id, { ...template, location_id }, free, now)
  })
}

/** What a week of slots makes in so many weeks from today: those that are still to come, by start. */
function slotsOf(week: Week, time_zone: string, weeks: number, now: Temporal.Instant): SlotContent[] {
  const today = now.toZonedDateTimeISO(time_zone).toPlainDate()
  const slots: SlotContent[] = []
  for (let day = 0; day < weeks * 7; day++) {
    const date = today.add({ days: day })
    for (const { start, end } of week[date.dayOfWeek] ?? []) {
      const [starts_at, ends_at] = [start, end].map((time) => at(time_zone, `${date}`, time)) as [
        Moment,
        Moment,
      ]
      const isThere = Temporal.Instant.compare(starts_at, ends_at) < 0
      if (isThere && Temporal.Instant.compare(starts_at, now) >= 0) slots.push({ starts_at, ends_at })
    }
  }
  return slots.toSorted((one, other) => Temporal.Instant.compare(one.starts_at, other.starts_at))
}

type Moment = Temporal.Instant

function at(time_zone: string, date: string, time: string): Moment {
  return Temporal.Instant.fromEpochMilliseconds(instantAt(time_zone, date, time))
}

async function withoutTaken(
  trx: Transaction,
  { organization, provider_id, location_id }: Offer,
  slots: SlotContent[],
  now: Moment,
): Promise<SlotContent[]> {
  if (slots.length === 0) return []
  const around = { start: now, end: slots.at(-1)!.ends_at }
  const published = await readPublished(trx, organization.id, [provider_id], around, now)
  const busy = await busyStretches(trx, organization.id, [provider_id], around, now)
  const of = { provider_ids: [provider_id], location_ids: location_id ? [location_id] : [] }
  const away = awayFrom(await readTimeOff(trx, organization.id, of, around), { provider_id, location_id })
  const taken = [...published.map(stretchOf), ...(busy.get(provider_id) ?? []), ...away]
  return slots.filter((slot) => {
    const { start, end } = stretchOf(slot)
    if (taken.some((stretch) => stretch.start < end && start < stretch.end)) return false
    // Where clocks change, two slots of a day can come to meet: the first of them is published.
    taken.push({ start, end })
    return true
  })
}

function stretchOf({ starts_at, ends_at }: { starts_at: Moment; ends_at: Moment }) {
  return { start: starts_at.epochMilliseconds, end: ends_at.epochMilliseconds }
}

/** Slots of a day must end after they start, and not overlap. */
function requireWeek(week: Week): void {
  for (const [weekday, slots] of Object.entries(week)) {
    const sorted = slots.toSorted((one, other) => (one.start < other.start ? -1 : 1))
    for (const [place, { start, end }] of sorted.entries()) {
      const field = `week.${weekday}`
      if (start === '24:00' || end <= start) {
        throw new InvalidInput([
          { field, message: `must have slots that end after they start, not ${start} to ${end}` },
        ])
      }
      const next = sorted[place + 1]
      if (next && next.start < end) {
        const message = `must have slots that do not overlap, as those of ${start} and ${next.start} do`
        throw new InvalidInput([{ field, message }])
      }
    }
  }
}

/** Requires that the actor may publish for a provider: their own, or anywhere that the provider works. */
async function requireReach(db: Database | Transaction, actor: Actor, provider_id: string): Promise<void> {
  const { organization_id } = actor
  const places = await db
    .selectFrom('providers as provider')
    .leftJoin('memberships as member', (join) =>
      join
        .onRef('member.organization_id', '=', 'provider.organization_id')
        .onRef('member.person_id', '=', 'provider.id')
        .on('member.ended_at', 'is', null),
    )
    .select('member.location_id')
    .where('provider.organization_id', '=', organization_id)
    .where('provider.id', '=', provider_id)
    .execute()
  if (places.length === 0) throw new NotFound('provider')
  const isReached = places.some(({ location_id }) =>
    may(actor, 'slots:publish', { provider_id, location_id }),
  )
  if (!isReached) throw new NotAllowed()
}
