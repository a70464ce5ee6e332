import type { FastifyRequest } from 'fastify'
import { findSlots } from '../../engine/slots.ts'
import { awayFrom, readTimeOff } from '../../server/hours/away.ts'
import { readHours, timetableFor } from '../../server/hours/timetable.ts'
import type { Location } from '../../server/organizations/locations.ts'
import { busyStretches } from '../../server/slots/reservations.ts'
import { dayOf, localOf } from '../local-times.ts'

/** The id of nobody: an office's slots are the office's, whoever sees the citizen. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

/** The slots of an office on a date, as its hours make them; those that are booked too, where they are asked for. */
export async function slotsOf(
  { db, organization, now }: FastifyRequest,
  office: Location,
  date: string,
  include_booked: boolean,
) {
  const time_zone = office.time_zone ?? organization.time_zone
  const between = dayOf('target_date', date, time_zone)
  const of = { provider_ids: [], location_ids: [office.id] }
  const rows = await readHours(db, organization.id, of, between)
  const hours = timetableFor(
    rows,
    { provider_id: NOBODY, location_id: office.id, time_zone },
    organization.rules,
  )
  const closed = awayFrom(await readTimeOff(db, organization.id, of, between), {
    provider_id: NOBODY,
    location_id: office.id,
  })
  const taken = await busyStretches(db, organization.id, [office.id], between, now)
  const { slot_minutes } = organization.rules
  const query = {
    ...hours,
    from: between.start.epochMilliseconds,
    to: between.end.epochMilliseconds,
    slot_minutes,
    now: now.epochMilliseconds,
  }
  const all = findSlots({ ...query, busy: closed })
  const free = new Set(
    findSlots({ ...query, busy: [...closed, ...(taken.get(office.id) ?? [])] }).map(({ start }) => start),
  )
  const clock = (at: number) => localOf(Temporal.Instant.fromEpochMilliseconds(at), time_zone).slice(11)
  return all
    .map(({ start, end }) => ({
      date,
      slot_start: clock(start),
      slot_end: clock(end),
      is_booked: !free.has(start),
    }))
    .filter(({ is_booked }) => include_booked || !is_booked)
}
