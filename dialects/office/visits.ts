import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import type { Static } from 'typebox'
import { type Appointment, lockAppointment } from '../../server/appointments/appointments.ts'
import { book } from '../../server/appointments/booking.ts'
import { changeNotes } from '../../server/appointments/changing.ts'
import { confirm, decline } from '../../server/appointments/deciding.ts'
import { readAppointment } from '../../server/appointments/list.ts'
import { type Move, postpone, reschedule } from '../../server/appointments/rescheduling.ts'
import { readPeople } from '../../server/accounts/people.ts'
import { inTransaction, type Transaction } from '../../server/database/transactions.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { addClient, listClients } from '../../server/people/clients.ts'
import { listMemberships } from '../../server/people/members.ts'
import { isStaff } from '../../server/permissions.ts'
import { InvalidInput, NotFound, Refusal } from '../../server/refusal.ts'
import { instantOf } from '../local-times.ts'
import { phoneIn } from '../phones.ts'
import { nameOf } from './names.ts'
import type { NewTimeBody, VisitBody, VisitChangeBody } from './visit-shapes.ts'
import { statusOf, viewAppointments, viewCitizen } from './views.ts'

export class NotDecided extends Refusal {
  readonly code = 'not_decided'
  readonly status = 400
}

type Asking = Pick<FastifyRequest, 'db' | 'actor' | 'organization' | 'now'>

/** Books a slot of an office for a citizen, who is found by their phone or written down; a user books for themself. */
export async function bookVisit(request: FastifyRequest, body: Static<typeof VisitBody>) {
  const { db, actor, organization, now } = request
  const { host_id, office_id, purpose, appointment_date, time_slotted } = body.appointment
  return inTransaction(db, async (trx) => {
    await findLocation(trx, organization.id, office_id)
    await requireHost(trx, organization.id, { host_id, office_id })
    const client_id = isStaff(actor) ? await citizenFor(trx, request, body.citizen) : actor.person_id
    const starts_at = startOf('time_slotted', appointment_date, time_slotted, organization.time_zone)
    const details = purpose ? { purpose } : {}
    const wanted = { client_id, provider_id: host_id, location_id: office_id, starts_at, details }
    const booked = await book(trx, actor, wanted, now)
    // Whoever left the office while this booking waited for its turn is no host of it any more.
    await requireHost(trx, organization.id, { host_id, office_id })
    const [citizen] = await readPeople(trx, organization.id, [client_id])
    return { citizen: viewCitizen(citizen!), appointment: await shown({ db: trx, organization }, booked) }
  })
}

async function requireHost(
  trx: Transaction,
  organization_id: string,
  { host_id, office_id }: { host_id: string; office_id: string },
): Promise<void> {
  const there = { location_id: office_id, person_id: host_id, of_providers: true }
  if ((await listMemberships(trx, organization_id, there)).length === 0) throw new NotFound('host')
}

/** Whoever has this phone; of several the first who was written down. */
async function citizenFor(
  trx: Transaction,
  { actor, now }: FastifyRequest,
  citizen: Static<typeof VisitBody>['citizen'],
): Promise<string> {
  if (!citizen) throw new InvalidInput([{ field: 'citizen', message: 'is missing' }])
  const phone = phoneIn('citizen.phone', citizen.phone)
  if (!phone) throw new InvalidInput([{ field: 'citizen.phone', message: 'is missing' }])
  // Of two desks that hear of a phone in the same moment, the second finds whom the first has written down.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${actor.organization_id} ${phone}`}, 0))`.execute(
    trx,
  )
  const { items } = await listClients(trx, actor, { phone, limit: 200 })
  const [known] = items.toSorted((one, other) => Temporal.Instant.compare(one.created_at, other.created_at))
  if (known) return known.id
  const { firstname, lastname, email } = citizen
  const name = nameOf({ first: firstname, last: lastname })
  return (await addClient(trx, actor, { ...name, email: email ?? undefined, phone }, now)).id
}

/** One appointment with everything around it, as a verb left it. */
export async function shown(
  { db, organization }: Pick<Asking, 'db' | 'organization'>,
  appointment: Appointment,
) {
  const named = await readAppointment(db, organization.id, appointment.id)
  return (await viewAppointments(db, organization, [{ ...named, ...appointment }]))[0]!
}

/** Approves or denies what waits for it. */
export async function decide(
  { db, actor, now }: Asking,
  id: string,
  decision: string,
  reason: string | undefined,
): Promise<Appointment> {
  const word = decision.toLowerCase()
  if (word === 'approved') return confirm(db, actor, id, now, { reason })
  if (word === 'denied') return decline(db, actor, id, { reason }, now)
  throw new NotDecided(`A decision is approved or denied, and not ${decision}.`)
}

/** Moves an appointment to another slot: by agreement it is approved then, postponed it waits for that. */
export async function moveVisit(
  { db, actor, organization, now }: Asking,
  id: string,
  { new_appointment_date, new_time_slot, reason }: Static<typeof NewTimeBody>,
  how: 'reschedule' | 'postpone',
): Promise<Appointment> {
  const starts_at = startOf('new_time_slot', new_appointment_date, new_time_slot, organization.time_zone)
  const move: Move = { starts_at, reason: reason || undefined }
  if (how === 'postpone') return postpone(db, actor, id, move, now)
  return inTransaction(db, async (trx) => {
    const moved = await reschedule(trx, actor, id, move, now)
    return moved.state === 'pending' ? confirm(trx, actor, id, now, { reason: move.reason }) : moved
  })
}

/** What one PATCH is here: another purpose, another slot while nothing is decided, or the decision. */
export async function changeVisit(
  { db, actor, organization, now }: FastifyRequest,
  id: string,
  change: Static<typeof VisitChangeBody>,
): Promise<Appointment> {
  return inTransaction(db, async (trx) => {
    const before = await lockAppointment(trx, actor, id, 'appointments:change')
    const asking = { db: trx, actor, organization, now }
    const { appointment_date, time_slotted, purpose } = change
    let after = before
    if (appointment_date || time_slotted) {
      if (statusOf(before) !== 'pending') {
        throw new NotDecided('Only what waits for a decision is moved like this; reschedule or postpone it.')
      }
      const local = before.starts_at.toZonedDateTimeISO(organization.time_zone).toPlainDateTime()
      const date = appointment_date ?? local.toPlainDate().toString()
      const time = time_slotted ?? local.toPlainTime().toString({ smallestUnit: 'minute' })
      const starts_at = startOf('time_slotted', date, time, organization.time_zone)
      after = await reschedule(trx, actor, id, { starts_at }, now)
    }
    if (purpose !== undefined) {
      after = await changeNotes(trx, actor, id, { details: { purpose: purpose || null } }, now)
    }
    const decision = change.decision ?? change.status
    if (!decision || decision === statusOf(after)) return after
    return decide(asking, id, decision, change.reason || undefined)
  })
}

function startOf(field: string, date: string, slot: string, time_zone: string): Temporal.Instant {
  const [hour = '', minute = ''] = slot.split('-')[0]!.trim().split(':')
  return instantOf(field, `${date.slice(0, 10)}T${hour.padStart(2, '0')}:${minute}`, time_zone)
}
