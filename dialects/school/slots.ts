import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { InvalidInput } from '../../server/refusal.ts'
import { publishPattern } from '../../server/slots/pattern.ts'
import {
  findPublishedSlot,
  listPublished,
  type PublishedWanted,
  type SlotWithSeats,
} from '../../server/slots/published.ts'
import { changeSlot, publishSlot, publishSlots } from '../../server/slots/publishing.ts'
import { timeOfDay } from '../local-times.ts'
import { everyPage } from '../pages.ts'
import type { BulkBody, PatternBody, SlotBody, SlotChangeBody } from './shapes.ts'
import { findTeacher } from './teachers.ts'
import { between, instantsOf, mondayIn, weekTimeOf } from './weeks.ts'

/** Publishes one slot of a teacher, in a week that is named by its Monday. */
export async function addSlot(
  { db, actor, organization, now }: FastifyRequest,
  { teacher_id, ...time }: Static<typeof SlotBody>,
): Promise<SlotWithSeats> {
  const times = instantsOf(time, organization.time_zone)
  await findTeacher(db, organization.id, teacher_id)
  return publishSlot(db, actor, { provider_id: teacher_id }, times, now)
}

/** Publishes slots of one week, all or none. */
export async function addSlots(
  { db, actor, organization, now }: FastifyRequest,
  { teacher_id, week_start_date, time_slots }: Static<typeof BulkBody>,
): Promise<SlotWithSeats[]> {
  const times = time_slots.map((time, at) =>
    instantsOf({ ...time, week_start_date }, organization.time_zone, `time_slots.${at}.`),
  )
  await findTeacher(db, organization.id, teacher_id)
  return publishSlots(db, actor, { provider_id: teacher_id }, times, now)
}

/** Publishes the slots of a pattern in one week; what is in their way is left out. */
export async function addPattern(
  { db, actor, organization, now }: FastifyRequest,
  { teacher_id, week_start_date, slot_pattern }: Static<typeof PatternBody>,
): Promise<SlotWithSeats[]> {
  const monday = mondayIn('week_start_date', week_start_date)
  await findTeacher(db, organization.id, teacher_id)
  const { days, start_time = '09:00', end_time = '17:00', lunch_break, exclude_times } = slot_pattern
  const pattern = {
    provider_id: teacher_id,
    from: monday.toString(),
    to: monday.add({ days: 6 }).toString(),
    weekdays: [...new Set(days)].map((day) => day + 1),
    ...windowIn('end_time', { start: start_time, end: end_time }),
    slot_minutes: slot_pattern.slot_duration_minutes,
    break_minutes: slot_pattern.break_duration_minutes,
    ...(lunch_break && { lunch: windowIn('lunch_break.end', lunch_break) }),
    exclude: exclude_times?.map((window, at) => windowIn(`exclude_times.${at}.end`, window)),
  }
  return publishPattern(db, actor, pattern, now)
}

/** Throws InvalidInput, naming the field of the end, for one that is not after the start. */
function windowIn(field: string, { start, end }: { start: string; end: string }) {
  const [opens, closes] = [timeOfDay(start), timeOfDay(end)]
  if (closes > opens) return { opens, closes }
  throw new InvalidInput([{ field: `slot_pattern.${field}`, message: 'must be after the start' }])
}

/** Moves a slot; what is not said of its time stays as it was. */
export async function moveSlot(
  { db, actor, organization, now }: FastifyRequest,
  id: string,
  change: Static<typeof SlotChangeBody>,
): Promise<SlotWithSeats> {
  const { time_zone } = organization
  const slot = await findPublishedSlot(db, organization.id, id)
  const said = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null))
  return changeSlot(db, actor, id, instantsOf({ ...weekTimeOf(slot, time_zone), ...said }, time_zone), now)
}

/** All slots of some days, of one teacher or of all. */
export async function readSlotsOf(
  { db, organization, now }: FastifyRequest,
  first: Temporal.PlainDate,
  days: number,
  wanted: Pick<PublishedWanted, 'provider_id'> = {},
): Promise<SlotWithSeats[]> {
  const within = { ...wanted, ...between(first, days, organization.time_zone) }
  return everyPage((page) => listPublished(db, organization.id, { ...within, ...page }, now))
}

/** How many there are, and how many of them can still be had. */
export function countsOf(slots: { is_booked: boolean }[]) {
  const booked_slots = slots.filter(({ is_booked }) => is_booked).length
  return { total_slots: slots.length, available_slots: slots.length - booked_slots, booked_slots }
}
