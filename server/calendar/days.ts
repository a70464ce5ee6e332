import { type Interval, intersect, merge, subtract } from '../../engine/intervals.ts'
import { addDays, dateAt, localDay } from '../../engine/wallclock.ts'
import { windowsByDate } from '../../engine/windows.ts'
import type { ShownAppointment } from '../appointments/list.ts'
import { bookedStates, countsByState, type CountsByState, percent } from '../appointments/tallies.ts'
import { awayFrom, type TimeOff } from '../hours/away.ts'
import type { Offer } from '../slots/offer.ts'
import type { FreeSlot } from '../slots/offering.ts'
import { hoursOf, minutesOf, type Opening } from '../slots/opening.ts'

/** A stretch in which a provider takes appointments; of it, `open_minutes` are not time off. */
export interface OpenWindow extends Interval {
  provider_id: string
  location_id: string | null
  open_minutes: number
}

/** What days are made of. */
export interface Plans {
  appointments: ShownAppointment[]
  windows: OpenWindow[]
  slots: FreeSlot[]
  off: TimeOff[]
}

export interface Totals {
  appointments: number
  by_state: CountsByState
  free_slots: number
  open_minutes: number
  booked_minutes: number
}

export interface CalendarDay extends Plans {
  date: string
  totals: Totals
}

/** The windows that open on some dates and around them, each once, where those of two dates overlap. */
export function windowsOf(offers: Offer[], opening: Opening, dates: string[]): OpenWindow[] {
  // The dates are those of one zone, and each location has its own.
  const [first, last] = [dates[0]!, dates.at(-1)!]
  const around = [addDays(first, -2), addDays(first, -1), ...dates, addDays(last, 1), addDays(last, 2)]
  return offers.flatMap((offer) => {
    const { provider_id, location_id } = offer
    const away = awayFrom(opening.off, offer)
    const byDate = windowsByDate(hoursOf(offer, opening), around)
    const windows = byDate.flatMap((ofDate, at) => subtract(ofDate, byDate[at - 1] ?? []))
    return windows.map((window) => {
      return { provider_id, location_id, ...window, open_minutes: minutesOf(subtract([window], away)) }
    })
  })
}

/** Puts everything on the date on which it starts, also where it runs past midnight; time off on all that it meets. */
export function daysOf(time_zone: string, dates: string[], plans: Plans): CalendarDay[] {
  const dateOf = ({ start }: { start: number }) => dateAt(time_zone, start)
  const appointments = Map.groupBy(plans.appointments, (one) => dateOf(stretchOf(one)))
  const windows = Map.groupBy(plans.windows, dateOf)
  const slots = Map.groupBy(plans.slots, dateOf)
  return dates.map((date) => {
    const day = localDay(time_zone, date)
    const onDay = {
      appointments: appointments.get(date) ?? [],
      windows: windows.get(date) ?? [],
      slots: slots.get(date) ?? [],
      off: plans.off.filter((off) => intersect([stretchOf(off)], [day]).length > 0),
    }
    return { date, ...onDay, totals: totalsOf(onDay) }
  })
}

/** The totals of several days, and how much of the open time is booked: in per cent, 0 where nothing is open. */
export function summaryOf(days: CalendarDay[]): Totals & { utilisation: number } {
  const sumOf = (what: Exclude<keyof Totals, 'by_state'>) =>
    days.reduce((sum, { totals }) => sum + totals[what], 0)
  const [open_minutes, booked_minutes] = [sumOf('open_minutes'), sumOf('booked_minutes')]
  return {
    appointments: sumOf('appointments'),
    by_state: statesOf(days.flatMap(({ appointments }) => appointments)),
    free_slots: sumOf('free_slots'),
    open_minutes,
    booked_minutes,
    utilisation: percent(booked_minutes, open_minutes),
  }
}

function totalsOf({ appointments, windows, slots }: Plans): Totals {
  return {
    appointments: appointments.length,
    by_state: statesOf(appointments),
    free_slots: slots.length,
    open_minutes: Math.round(windows.reduce((sum, { open_minutes }) => sum + open_minutes, 0)),
    booked_minutes: Math.round(bookedMinutes(appointments)),
  }
}

function statesOf(appointments: ShownAppointment[]): CountsByState {
  return countsByState(appointments.map(({ state }) => ({ state, appointments: 1 })))
}

/** A session with several seats takes its provider's time once. */
function bookedMinutes(appointments: ShownAppointment[]): number {
  const booked = appointments.filter(({ state }) => bookedStates.has(state))
  const byProvider = Map.groupBy(booked, ({ provider_id }) => provider_id)
  return [...byProvider.values()].reduce((sum, own) => sum + minutesOf(merge(own.map(stretchOf))), 0)
}

function stretchOf({
  starts_at,
  ends_at,
}: {
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
}): Interval {
  return { start: starts_at.epochMilliseconds, end: ends_at.epochMilliseconds }
}
