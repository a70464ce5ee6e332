import { book } from '../server/appointments/booking.ts'
import type { ShownAppointment } from '../server/appointments/list.ts'
import type { Service } from '../server/services/services.ts'
import { explain } from '../server/slots/explaining.ts'
import { findFreeSlots } from '../server/slots/free.ts'
import type { Wish } from './living.ts'
import type { Somebody, Stage } from './stage.ts'

interface Wanted extends Wish {
  provider: Somebody
  service: Service
  client: Somebody
  location_id?: string
  /** From so many days after now, within so many days. */
  from: number
  within: number
}

const HOURS_OF_DAY = 24

/** Books one of the free times that lie ahead, some days ago: what `live` plans afterwards goes around it. */
export async function bookAhead(stage: Stage, wanted: Wanted): Promise<ShownAppointment> {
  const { trx, organization, random, now } = stage
  const { provider, service, client, location_id, from, within, ...wish } = wanted
  const offer = { provider_id: provider.id, service_id: service.id, location_id }
  const between = {
    from: now.add({ hours: from * HOURS_OF_DAY }),
    to: now.add({ hours: (from + within) * HOURS_OF_DAY }),
  }
  const booked = now.subtract({ minutes: random.integer(2 * 60, 5 * 24 * 60) })
  const free = await findFreeSlots(trx, organization, { ...offer, ...between }, now)
  for (const { start } of random.shuffled(free)) {
    const starts_at = Temporal.Instant.fromEpochMilliseconds(start)
    const what = { ...offer, client_id: client.id, dependent_id: wish.dependent_id, starts_at }
    const against = await explain(trx, client.actor, what, booked)
    if (against.length === 0) return book(trx, client.actor, { ...what, ...wish }, booked)
  }
  throw new Error(`${provider.name} has no time for ${service.name}`)
}
