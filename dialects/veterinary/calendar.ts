import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { listAppointments, type ShownAppointment } from '../../server/appointments/list.ts'
import { bookedStates, percent } from '../../server/appointments/tallies.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { readProvider } from '../../server/people/providers.ts'
import { type Action, type Actor, may } from '../../server/permissions.ts'
import { InvalidInput } from '../../server/refusal.ts'
import { type Busy, busyStretches, type Stretch } from '../../server/slots/reservations.ts'
import { dayOf } from '../local-times.ts'
import { everyPage } from '../pages.ts'
import type { CalendarQuery, views } from './calendar-shapes.ts'
import { freeSlots } from './slots.ts'
import { dateOf, instant, minutesBetween } from './times.ts'
import { namesOf } from './views.ts'
import { type Priority, type Status, statuses, statusOf, typeOf } from './words.ts'

const MOST_DAYS = 92

/** What is booked and what is free on some days. Of what is not theirs to know, whoever asks sees only when it is. */
export async function readCalendar(request: FastifyRequest, query: Static<typeof CalendarQuery>) {
  const { db, actor, organization, now } = request
  const { veterinarian_id, clinic_id, view_type } = query
  if (veterinarian_id) await readProvider(db, organization.id, veterinarian_id)
  if (clinic_id) await findLocation(db, organization.id, clinic_id)
  const { first, last } = datesOf(query, request)
  const between = {
    start: dayOf('start_date', `${first}`, organization.time_zone).start,
    end: dayOf('end_date', `${last}`, organization.time_zone).end,
  }
  const filters = { provider_id: veterinarian_id ?? ownCalendar(actor), location_id: clinic_id }
  const wanted = { ...filters, from: between.start, to: between.end }
  const known = await everyPage((page) => listAppointments(db, actor, { ...wanted, ...page }))
  const others = veterinarian_id ? await othersTime(request, veterinarian_id, between, known) : []
  const appointments = [...known.map((one) => viewEntry(one, actor, now)), ...others].toSorted((one, other) =>
    Temporal.Instant.compare(one.start_time, other.start_time),
  )
  const available_slots = await freeSlots(request, filters, between)
  return {
    view_type,
    start_date: `${first}`,
    end_date: `${last}`,
    appointments,
    available_slots,
    summary: summaryOf(appointments, available_slots),
    filters: { veterinarian_id: veterinarian_id ?? null, clinic_id: clinic_id ?? null },
  }
}

/** The day, the seven days from it on, or those to the end of its month, unless an end is said. */
function datesOf(
  { start_date, end_date, view_type }: Static<typeof CalendarQuery>,
  { organization }: FastifyRequest,
) {
  const first = dateOf('start_date', start_date, organization)
  const ends: Record<(typeof views)[number], Temporal.PlainDate> = {
    day: first,
    week: first.add({ days: 6 }),
    month: first.with({ day: first.daysInMonth }),
  }
  const last = end_date ? dateOf('end_date', end_date, organization) : ends[view_type]
  const { days } = first.until(last)
  if (days < 0) throw new InvalidInput([{ field: 'end_date', message: 'must not be before start_date' }])
  if (days > MOST_DAYS) {
    throw new InvalidInput([{ field: 'end_date', message: `must be within ${MOST_DAYS} days of start_date` }])
  }
  return { first, last }
}

/** A vet who names nobody looks at their own calendar. */
function ownCalendar({ roles, person_id }: Actor): string | undefined {
  return roles.includes('provider') && !roles.includes('admin') ? person_id : undefined
}

type Entry = ReturnType<typeof viewEntry> | ReturnType<typeof viewOthers>

function viewEntry(appointment: ShownAppointment, actor: Actor, now: Temporal.Instant) {
  const { starts_at, ends_at, state, service_name, dependent_name, details } = appointment
  const isAhead = Temporal.Instant.compare(starts_at, now) >= 0
  const canBe = (action: Action, states: string[]) =>
    states.includes(state) &&
    may(actor, action, appointment) &&
    (isAhead || may(actor, 'appointments:attend', appointment))
  return {
    ...namesOf(appointment),
    title: [service_name, dependent_name].filter(Boolean).join(': ') || 'Appointment',
    start_time: `${starts_at}`,
    end_time: `${ends_at}`,
    duration_minutes: minutesBetween(starts_at, ends_at),
    status: statusOf(state),
    appointment_type: typeOf(service_name),
    priority: (details.priority as Priority | undefined) ?? 'normal',
    estimated_cost: appointment.price,
    actual_cost: appointment.charged,
    can_be_cancelled: canBe('appointments:cancel', ['pending', 'confirmed', 'arrived']),
    can_be_rescheduled: canBe('appointments:change', ['pending', 'confirmed']),
    is_booked: bookedStates.has(state),
  }
}

/** When a vet is busy with what is not the business of whoever asks. */
async function othersTime(
  { db, organization, now }: FastifyRequest,
  provider_id: string,
  between: Stretch,
  known: ShownAppointment[],
) {
  const seen = new Set(known.map(({ id }) => id))
  const busy = await busyStretches(db, organization.id, [provider_id], between, now)
  return (busy.get(provider_id) ?? [])
    .filter(({ appointment_id }) => !appointment_id || !seen.has(appointment_id))
    .map(viewOthers)
}

function viewOthers({ party_id, start, end }: Busy) {
  return {
    ...nothingKnown,
    title: 'Booked',
    veterinarian_id: party_id,
    start_time: `${instant(start)}`,
    end_time: `${instant(end)}`,
    duration_minutes: minutesBetween(instant(start), instant(end)),
    is_booked: true,
  }
}

const nothingKnown = {
  id: null,
  status: null,
  appointment_type: null,
  priority: null,
  pet_id: null,
  pet_name: null,
  pet_owner_id: null,
  pet_owner_name: null,
  veterinarian_name: null,
  clinic_id: null,
  clinic_name: null,
  estimated_cost: null,
  actual_cost: null,
  can_be_cancelled: false,
  can_be_rescheduled: false,
}

/** Counted over what is shown. */
function summaryOf(appointments: Entry[], slots: { duration_minutes: number }[]) {
  const byStatus = Map.groupBy(appointments, ({ status }) => status)
  const counts = statuses.map((status): [Status, number] => [status, byStatus.get(status)?.length ?? 0])
  const booked = sumOf(appointments.filter(({ is_booked }) => is_booked))
  return {
    total_appointments: appointments.length,
    appointments_by_status: Object.fromEntries(counts),
    total_available_slots: slots.length,
    utilization_rate: percent(booked, booked + sumOf(slots)),
  }
}

function sumOf(stretches: { duration_minutes: number }[]): number {
  return stretches.reduce((sum, { duration_minutes }) => sum + duration_minutes, 0)
}
