import type { AppointmentState } from '../database/tables.ts'
import type { Rules } from '../../presets/preset.ts'
import type { Action } from '../permissions.ts'
import type { EventKind } from '../events/events.ts'
import { Refusal } from '../refusal.ts'

export const appointmentStates = [
  'pending',
  'confirmed',
  'arrived',
  'in_progress',
  'completed',
  'cancelled',
  'declined',
  'no_show',
] as const satisfies AppointmentState[]

/** What can be done to an appointment: from which states, to which, by whom, and what is told of it. */
export const steps = {
  reschedule: {
    from: ['pending', 'confirmed'],
    to: null,
    may: 'appointments:change',
    told: 'appointment.rescheduled',
  },
  postpone: {
    from: ['confirmed'],
    to: 'pending',
    may: 'appointments:decline',
    told: 'appointment.rescheduled',
  },
  change: {
    from: ['pending', 'confirmed', 'arrived', 'in_progress'],
    to: null,
    may: 'appointments:change',
    told: 'appointment.changed',
  },
  confirm: { from: ['pending'], to: 'confirmed', may: 'appointments:confirm', told: 'appointment.confirmed' },
  decline: { from: ['pending'], to: 'declined', may: 'appointments:decline', told: 'appointment.declined' },
  cancel: {
    from: ['pending', 'confirmed', 'arrived'],
    to: 'cancelled',
    may: 'appointments:cancel',
    told: 'appointment.cancelled',
  },
  arrive: {
    from: ['pending', 'confirmed'],
    to: 'arrived',
    may: 'appointments:attend',
    told: 'appointment.arrived',
  },
  start: {
    from: ['pending', 'confirmed', 'arrived'],
    to: 'in_progress',
    may: 'appointments:attend',
    told: 'appointment.started',
  },
  complete: { from: 'rules', to: 'completed', may: 'appointments:attend', told: 'appointment.completed' },
  correct: { from: 'any', to: null, may: 'appointments:correct', told: 'appointment.corrected' },
  no_show: {
    from: ['pending', 'confirmed'],
    to: 'no_show',
    may: 'appointments:attend',
    told: 'appointment.missed',
  },
} as const satisfies Record<string, Step>

export type StepName = keyof typeof steps

interface Step {
  /** 'rules': the organization decides. 'any': also one that has ended. */
  from: readonly AppointmentState[] | 'rules' | 'any'
  /** null: it stays as it is, or a rule says. */
  to: AppointmentState | null
  may: Action
  told: EventKind
}

export class WrongState extends Refusal {
  readonly code = 'wrong_state'
  readonly status = 409
  override readonly facts: { state: AppointmentState; allowed_from: readonly AppointmentState[] }

  constructor(step: StepName, state: AppointmentState, allowed_from: readonly AppointmentState[]) {
    super(
      `${name(step)} is not possible: the appointment is ${name(state)}, and should be ${list(allowed_from)}.`,
    )
    this.facts = { state, allowed_from }
  }
}

/** Throws WrongState where a step does not lead on from a state. Nothing but a correction leads on from an appointment that has ended. */
export function requireStep(step: StepName, state: AppointmentState, rules: Rules): void {
  const { from }: Step = steps[step]
  if (from === 'any') return
  const allowed = from === 'rules' ? rules.completes_from : from
  if (!(allowed as readonly AppointmentState[]).includes(state)) throw new WrongState(step, state, allowed)
}

/** Whether nothing is to come of it any more. */
export function hasEnded(state: AppointmentState): boolean {
  return ['completed', 'cancelled', 'declined', 'no_show'].includes(state)
}

/** In which state a new booking stands. */
export function firstState({ confirm_by }: Rules): 'pending' | 'confirmed' {
  return confirm_by === 'nobody' ? 'confirmed' : 'pending'
}

const name = (word: string) => word.replace('_', ' ')
const list = (words: readonly string[]) => words.map(name).join(' or ')
