import { complete } from '../server/appointments/attendance.ts'
import { book } from '../server/appointments/booking.ts'
import { bookSeries } from '../server/appointments/series.ts'
import type { Service } from '../server/services/services.ts'
import { publishPattern } from '../server/slots/pattern.ts'
import type { SlotWithSeats } from '../server/slots/published.ts'
import { dateOf, momentOf } from './dates.ts'
import type { Practice } from './planning.ts'
import type { Somebody, Stage } from './stage.ts'

const SEATS = 8
/** How many come to one class after the other; the first of those ahead is full. */
const attendances = [5, 6, SEATS, 6, 3]

/** A class on a weekday evening for eight at once: some weeks behind, some ahead. */
export async function giveClasses(
  stage: Stage,
  { provider, location_id }: Practice,
  service: Service,
  clients: Somebody[],
): Promise<void> {
  const { trx, random, now, founded } = stage
  const [from, to] = [dateOf(stage, -2, 'Mon'), dateOf(stage, 6, 'Sun')]
  const of = { provider_id: provider.id, service_id: service.id, location_id }
  const times = { weekdays: [2], opens: '18:00', closes: '19:00', slot_minutes: 60, capacity: SEATS }
  const slots = await publishPattern(trx, provider.actor, { ...of, ...times, from, to }, founded)

  const isPast = ({ ends_at }: SlotWithSeats) => Temporal.Instant.compare(ends_at, now) <= 0
  const isAhead = ({ starts_at }: SlotWithSeats) => Temporal.Instant.compare(starts_at, now) > 0
  const classes = [...slots.filter(isPast).slice(-2), ...slots.filter(isAhead).slice(0, 3)]
  const counts = attendances.slice(-classes.length)
  for (const [index, slot] of classes.entries()) {
    for (const client of random.shuffled(clients).slice(0, counts[index])) {
      const { id } = await takeSeat(stage, slot, client)
      if (isPast(slot)) await complete(trx, provider.actor, id, {}, slot.ends_at)
    }
  }
}

function takeSeat({ trx, random, now }: Stage, { id: slot_id, starts_at }: SlotWithSeats, client: Somebody) {
  const lastChance = starts_at.subtract({ hours: 3 })
  const latest = Temporal.Instant.compare(lastChance, now) < 0 ? lastChance : now
  const booked = latest.subtract({ minutes: random.integer(30, 6 * 24 * 60) }).round('minute')
  return book(trx, client.actor, { slot_id, client_id: client.id }, booked)
}

/** Somebody trains every Wednesday at seven. The one on which the trainer is away is left out. */
export async function trainWeekly(
  stage: Stage,
  { provider, location_id }: Practice,
  service: Service,
  client: Somebody,
): Promise<void> {
  const { trx, now } = stage
  const wanted = {
    provider_id: provider.id,
    service_id: service.id,
    location_id,
    client_id: client.id,
    starts_at: momentOf(stage, dateOf(stage, 1, 'Wed'), '07:00'),
    repetition: { every: 'week' as const, count: 6 },
    skip_conflicts: true,
    notes: 'Before work',
  }
  await bookSeries(trx, client.actor, wanted, now.subtract({ hours: 6 * 24 }))
}
