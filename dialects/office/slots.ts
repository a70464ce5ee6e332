import type { FastifyRequest } from 'fastify'
import { findSlots } from '../../engine/slots.ts'
import { awayFrom, readTimeOff } from '../../server/hours/away.ts'
import { readHours, timetableFor } from '../../server/hours/timetable.ts'
import type { Location } from '../../server/organizations/locations.ts'
import { busyStretches } from '../../server/slots/reservations.ts'
import { dayOf, isSaidByWallClock, localOf } from '../local-times.ts'
import { lastingId } from './ids.ts'

/** The id of nobody: an office's slots are the office's, whoever sees the citizen. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

/** The slots of an office on a date, as its hours make them; those that are booked too, where they are asked for. */
export async function slotsOf(
  { db, organization, now }: FastifyRequest,
  office: Location,
  date: string,
  include_booked: boolean,
) {
  const { time_zone } = organization
  const between = dayOf('target_date', date, time_zone)
  if (!office.is_active) return []
  const of = { provider_ids: [], location_ids: [office.id] }
  const rows = await readHours(db, organization.id, of, between)
  const hours = timetableFor(
    rows,
    { provider_id: NOBODY, location_id: office.id, time_zone: office.time_zone ?? time_zone },
    organization.rules,
  )
  const closed = awayFrom(await readTimeOff(db, organization.id, of, between), {
    provider_id: NOBODY,
    location_id: office.id,
  })
  const taken = await busyStretches(db, organization.id, [office.id], between, now)
  const { slot_minutes, notice_minutes, horizon_minutes } = organization.rules
  const query = {
    ...hours,
    from: between.start.epochMilliseconds,
    to: between.end.epochMilliseconds,
    slot_minutes,
    notice_minutes,
    horizon_minutes: horizon_minutes ?? undefined,
    now: now.epochMilliseconds,
  }
  const all = findSlots({ ...query, busy: closed })
  const free = new Set(
    findSlots({ ...query, busy: [...closed, ...(taken.get(office.id) ?? [])] }).map(({ start }) => start),
  )
  const clock = (at: number) => localOf(instant(at), time_zone).slice(11)
  return all
    .filter(({ start, end }) => [start, end].every((at) => isSaidByWallClock(instant(at), time_zone)))
    .map(({ start, end }) => ({
      id: lastingId(office.id, instant(start).toString()),
      office_id: office.id,
      date,
      slot_start: clock(start),
      slot_end: clock(end),
      is_booked: !free.has(start),
    }))
    .filter(({ is_booked }) => include_booked || !is_booked)
}

const instant = (at: number) => Temporal.Instant.fromEpochMilliseconds(at)
