import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { type Appointment, lockAppointment } from '../../server/appointments/appointments.ts'
import { book } from '../../server/appointments/booking.ts'
import { changeServiceOf } from '../../server/appointments/changing-service.ts'
import { changeNotes } from '../../server/appointments/changing.ts'
import { readAppointment, type ShownAppointment } from '../../server/appointments/list.ts'
import { reschedule } from '../../server/appointments/rescheduling.ts'
import { type Database, inTransaction, type Transaction } from '../../server/database/transactions.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { findDependent } from '../../server/people/dependents.ts'
import { readProvider } from '../../server/people/providers.ts'
import { InvalidInput } from '../../server/refusal.ts'
import { listServices } from '../../server/services/services.ts'
import { type PublishedSlot, readPublished } from '../../server/slots/published.ts'
import type { AppointmentBody, AppointmentChangeBody } from './appointment-shapes.ts'
import { tellingConflicts, type TimeAsked } from './conflicts.ts'
import { minutesBetween, momentOf } from './times.ts'
import { viewAppointments } from './views.ts'
import { type AppointmentType, serviceName } from './words.ts'

type Asking = Pick<FastifyRequest, 'db' | 'actor' | 'organization' | 'now'>

/** How long a visit takes where nobody has said it. */
const USUAL_MINUTES = 30

/** Books for a pet: in the free slot that holds the time, where there is one. */
export async function bookVisit(
  request: Asking,
  body: Static<typeof AppointmentBody>,
): Promise<ShownAppointment> {
  const { db, actor, organization, now } = request
  const { pet_id: dependent_id, pet_owner_id: client_id, veterinarian_id: provider_id } = body
  const location_id = body.clinic_id
  await findDependent(db, actor, dependent_id)
  await findLocation(db, organization.id, location_id)
  const { details: own } = await readProvider(db, organization.id, provider_id)
  const usual = (own.default_duration as number | undefined) ?? USUAL_MINUTES
  const starts_at = momentOf('scheduled_at', body.scheduled_at)
  const ends_at = starts_at.add({ minutes: body.duration_minutes ?? usual })
  const service_id = await serviceOf(db, organization.id, body.appointment_type)
  const slot = await slotAround(request, { provider_id, start: starts_at, end: ends_at })
  const slot_id = slot?.id
  const offer = { provider_id, service_id, location_id, slot_id }
  const details = withoutNulls({ priority: 'normal', ...detailsOf(body) })
  const content = { notes: body.notes ?? undefined, price: body.estimated_cost ?? undefined, details }
  const wanted = { ...offer, client_id, dependent_id, starts_at, ends_at, ...content }
  const time = { provider_id, client_id, start: starts_at, end: ends_at, slot }
  return tellingConflicts(request, time, () => book(db, actor, wanted, now))
}

/** Moves a visit, as long as before unless it is said, into the free slot that holds the time, where there is one. */
export async function moveVisit(
  request: Asking,
  id: string,
  { start, minutes, reason }: { start?: Temporal.Instant; minutes?: number; reason?: string },
): Promise<Appointment> {
  const { db, actor, now } = request
  const before = await inTransaction(db, (trx) => lockAppointment(trx, actor, id, 'appointments:change'))
  const { provider_id, client_id, starts_at: old_start, ends_at: old_end } = before
  const starts_at = start ?? old_start
  const ends_at = starts_at.add({ minutes: minutes ?? minutesBetween(old_start, old_end) })
  const time = { provider_id, client_id, start: starts_at, end: ends_at }
  const slot = await slotAround(request, time)
  const move = { starts_at, ends_at, slot_id: slot?.id, reason }
  return tellingConflicts(request, { ...time, slot, but: id }, () => reschedule(db, actor, id, move, now))
}

/** What one PUT is here: another time or length, another type, and what is written about it: all of it or nothing. */
export async function changeVisit(
  request: Asking,
  id: string,
  body: Static<typeof AppointmentChangeBody>,
): Promise<Appointment> {
  const { actor, organization, now } = request
  return inTransaction(request.db, async (trx) => {
    const within = { db: trx, actor, organization, now }
    let after = await lockAppointment(trx, actor, id, 'appointments:change')
    if (body.appointment_type) {
      const service_id = await serviceOf(trx, organization.id, body.appointment_type)
      after = await changeServiceOf(trx, actor, id, service_id, now)
    }
    const start = body.scheduled_at ? momentOf('scheduled_at', body.scheduled_at) : after.starts_at
    const minutes = body.duration_minutes ?? minutesBetween(after.starts_at, after.ends_at)
    const isMoved =
      !start.equals(after.starts_at) || minutes !== minutesBetween(after.starts_at, after.ends_at)
    if (isMoved) after = await moveVisit(within, id, { start, minutes })
    const details = detailsOf(body)
    const { notes, estimated_cost: price } = body
    const isWritten = notes !== undefined || price !== undefined || Object.keys(details).length > 0
    return isWritten ? changeNotes(trx, actor, id, { notes, price, details }, now) : after
  })
}

/** One appointment as it is shown, as a verb left it. */
export async function shown({ db, actor, organization }: Asking, { id }: { id: string }) {
  const named = await readAppointment(db, organization.id, id)
  return (await viewAppointments(db, actor, organization, [named]))[0]!
}

/** The service of the practice that a type is. */
export async function serviceOf(
  db: Database | Transaction,
  organization_id: string,
  type: AppointmentType,
): Promise<string> {
  const { items } = await listServices(db, organization_id, { limit: 200 })
  const found = items.find(({ name }) => name.toLowerCase() === serviceName(type))
  if (found) return found.id
  throw new InvalidInput([{ field: 'appointment_type', message: 'is not offered by this practice' }])
}

/** The published slot in which all of a time lies; two slots of a vet never overlap. */
async function slotAround(
  { db, actor, now }: Asking,
  { provider_id, start, end }: TimeAsked,
): Promise<PublishedSlot | undefined> {
  const meeting = await readPublished(db, actor.organization_id, [provider_id], { start, end }, now)
  return meeting.find(
    ({ starts_at, ends_at }) =>
      Temporal.Instant.compare(starts_at, start) <= 0 && Temporal.Instant.compare(end, ends_at) <= 0,
  )
}

type Written = Pick<Static<typeof AppointmentChangeBody>, 'services_requested'> & Record<string, unknown>

const fieldNames = new Set([
  'reason',
  'priority',
  'symptoms',
  'special_instructions',
  'services_requested',
  'follow_up_required',
  'follow_up_date',
  'follow_up_notes',
])

/** What is kept in the fields of the trade: only what was said, null where it is taken away. */
function detailsOf({ services_requested: asked, ...body }: Written): Record<string, unknown> {
  const services_requested = Array.isArray(asked) ? asked.join(', ') : asked
  const said = Object.entries({ ...body, services_requested })
  return Object.fromEntries(said.filter(([name, value]) => fieldNames.has(name) && value !== undefined))
}

function withoutNulls(details: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== null))
}
