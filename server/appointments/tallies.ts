import type { AppointmentState } from '../database/tables.ts'
import { appointmentStates } from './states.ts'

export type CountsByState = Record<AppointmentState, number>

/** Appointments of one kind, counted. Money and minutes as they add up; rounded where they are shown. */
export interface Counted {
  state: AppointmentState
  appointments: number
  agreed: number
  charged: number
  /** How many have a charge. */
  charges: number
  minutes: number
}

export interface Tally {
  appointments: number
  by_state: CountsByState
  revenue: { agreed: number; charged: number; average: number }
  rates: { completion: number; cancellation: number; no_show: number }
  booked_minutes: number
}

/** What somebody's time is given to: a time that nobody came to was theirs all the same. */
export const bookedStates: ReadonlySet<AppointmentState> = new Set(
  appointmentStates.filter((state) => state !== 'cancelled' && state !== 'declined'),
)

/** Adds up what was counted. */
export function tallyOf(counted: Counted[]): Tally {
  const appointments = sumOf(counted, 'appointments')
  const completed = counted.filter(({ state }) => state === 'completed')
  const charged = sumOf(completed, 'charged')
  const agreed = sumOf(
    counted.filter(({ state }) => bookedStates.has(state) && state !== 'no_show'),
    'agreed',
  )
  const by_state = countsByState(counted)
  return {
    appointments,
    by_state,
    revenue: { agreed: cents(agreed), charged: cents(charged), average: averageOf(completed) },
    rates: {
      completion: percent(by_state.completed, appointments),
      cancellation: percent(by_state.cancelled, appointments),
      no_show: percent(by_state.no_show, appointments),
    },
    booked_minutes: Math.round(sumOf(counted, 'minutes')),
  }
}

/** All states, zeros included. */
export function countsByState(counted: { state: AppointmentState; appointments: number }[]): CountsByState {
  const counts = Object.fromEntries(appointmentStates.map((state) => [state, 0])) as CountsByState
  for (const { state, appointments } of counted) counts[state] += appointments
  return counts
}

/** In per cent with one decimal; of nothing, nothing. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10
}

function averageOf(completed: Counted[]): number {
  const charges = sumOf(completed, 'charges')
  return charges === 0 ? 0 : cents(sumOf(completed, 'charged') / charges)
}

function sumOf(counted: Counted[], what: Exclude<keyof Counted, 'state'>): number {
  return counted.reduce((sum, row) => sum + row[what], 0)
}

const cents = (amount: number) => Math.round(amount * 100) / 100
