import type { FastifyRequest } from 'fastify'
import { findSlots } from '../../engine/slots.ts'
import { listAppointments, type ShownAppointment } from '../../server/appointments/list.ts'
import { isStaff } from '../../server/permissions.ts'
import { NotAllowed } from '../../server/refusal.ts'
import { localOf } from '../local-times.ts'
import { everyPage } from '../pages.ts'
import { clock12, clock24, dayName } from './formats.ts'
import { countsOf, readSlotsOf } from './slots.ts'
import { findTeacher } from './teachers.ts'
import { type SchoolSlot, statusOf, viewSlots } from './views.ts'
import { between } from './weeks.ts'

/** What one day holds: slots and meetings by the wall clock of the school. */
export interface Day {
  date: Temporal.PlainDate
  slots: SchoolSlot[]
  appointments: ReturnType<typeof viewPlanned>[]
}

/**
 * Whose calendar is looked at. A teacher looks at their own; a parent and an administrator at anybody's, and what a
 * parent sees of it is their own meetings. Throws NotAllowed, or NotFound for whoever is no teacher.
 */
export async function teacherLookedAt(
  { db, actor, organization }: FastifyRequest,
  asked: string | undefined,
): Promise<string | undefined> {
  const isTeacher = isStaff(actor) && !actor.roles.includes('admin')
  if (isTeacher && asked && asked !== actor.person_id) {
    throw new NotAllowed('Teachers see their own calendar.')
  }
  const teacher_id = isTeacher ? actor.person_id : asked
  if (teacher_id) await findTeacher(db, organization.id, teacher_id)
  return teacher_id
}

/** Days in a row, each with what there is on it, as far as whoever asks may see it. */
export async function readDays(
  request: FastifyRequest,
  first: Temporal.PlainDate,
  count: number,
  provider_id: string | undefined,
): Promise<Day[]> {
  const { db, actor, organization } = request
  const { time_zone } = organization
  const published = await readSlotsOf(request, first, count, { provider_id })
  const slots = await viewSlots(db, organization, published)
  const within = { provider_id, ...between(first, count, time_zone) }
  const found = await everyPage((page) => listAppointments(db, actor, { ...within, ...page }))
  const dateOf = (at: Temporal.Instant) => localOf(at, time_zone).slice(0, 10)
  const slotsBy = Map.groupBy(slots.keys(), (at) => dateOf(published[at]!.starts_at))
  const plannedBy = Map.groupBy(found, ({ starts_at }) => dateOf(starts_at))
  return Array.from({ length: count }, (_, days) => {
    const date = first.add({ days })
    const key = date.toString()
    return {
      date,
      slots: (slotsBy.get(key) ?? []).map((at) => slots[at]!),
      appointments: (plannedBy.get(key) ?? []).map((one) => viewPlanned(one, time_zone)),
    }
  })
}

function viewPlanned(appointment: ShownAppointment, time_zone: string) {
  const { id, starts_at, ends_at, state, client_name, dependent_name, notes } = appointment
  return {
    id,
    start_time: localOf(starts_at, time_zone).slice(11),
    end_time: localOf(ends_at, time_zone).slice(11),
    status: statusOf[state],
    parent_name: client_name,
    student_name: dependent_name,
    notes,
  }
}

export function viewDay({ date, slots, appointments }: Day) {
  return { ...onDay(date), slots, appointments, ...countsOf(slots) }
}

export function onDay(date: Temporal.PlainDate) {
  return { date: date.toString(), day_name: dayName(date), day_of_week: date.dayOfWeek - 1 }
}

/** Times on a date from eight to five that no slot of the teacher meets yet, each quarter of an hour. */
export async function suggestTimes(
  request: FastifyRequest,
  date: Temporal.PlainDate,
  { teacher_id, duration_minutes }: { teacher_id: string; duration_minutes: number },
) {
  const { organization, now } = request
  const { time_zone } = organization
  const existing = await readSlotsOf(request, date, 1, { provider_id: teacher_id })
  const { from, to } = between(date, 1, time_zone)
  const free = findSlots({
    time_zone,
    weekly: [],
    dated: [{ date: date.toString(), windows: [{ opens: '08:00', closes: '17:00' }] }],
    busy: existing.map(({ starts_at, ends_at }) => ({
      start: starts_at.epochMilliseconds,
      end: ends_at.epochMilliseconds,
    })),
    from: from.epochMilliseconds,
    to: to.epochMilliseconds,
    slot_minutes: duration_minutes,
    step_minutes: 15,
    now: now.epochMilliseconds,
  })
  const at = (instant: number) =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(time_zone).toPlainTime()
  const suggestions = free.map(({ start, end }) => ({
    start_time: clock12(at(start)),
    end_time: clock12(at(end)),
    start_time_24h: clock24(at(start)),
    end_time_24h: clock24(at(end)),
    duration_minutes,
  }))
  return { suggestions, existing_slots_count: existing.length }
}
