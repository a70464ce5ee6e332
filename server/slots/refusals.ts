import type { Rules } from '../../presets/preset.ts'
import { Refusal } from '../refusal.ts'

export class InThePast extends Refusal {
  readonly code = 'in_the_past'
  readonly status = 422
  constructor() {
    super('This time has passed. Choose one that is still to come.')
  }
}

export class NoticeTooShort extends Refusal {
  readonly code = 'notice_too_short'
  readonly status = 422
  constructor(minutes: number) {
    super(`This is too soon: it must be booked at least ${inWords(minutes)} before.`)
  }
}

export class BeyondHorizon extends Refusal {
  readonly code = 'beyond_horizon'
  readonly status = 422
  constructor(minutes: number) {
    super(`This is too far ahead: it can be booked at most ${inWords(minutes)} before.`)
  }
}

export class RegistrationNotOpen extends Refusal {
  readonly code = 'registration_not_open'
  readonly status = 422
  override readonly facts: { opens_at: string }
  constructor(opens_at: string) {
    super(`Booking has not begun yet: it opens at ${opens_at}.`)
    this.facts = { opens_at }
  }
}

export class RegistrationClosed extends Refusal {
  readonly code = 'registration_closed'
  readonly status = 422
  override readonly facts: { closed_at: string }
  constructor(closed_at: string) {
    super(`Booking has ended: it closed at ${closed_at}.`)
    this.facts = { closed_at }
  }
}

/** Says the same of somebody who is away as of one who never works then: why is nobody's business. */
export class OutsideHours extends Refusal {
  readonly code = 'outside_hours'
  readonly status = 422
  constructor(who: string) {
    super(`The ${who} takes no appointments for all of this time. Ask for the free times.`)
  }
}

export class SetAside extends Refusal {
  readonly code = 'set_aside'
  readonly status = 422
  constructor() {
    super('This time is set aside for a published slot: book that by its slot_id, or choose another time.')
  }
}

export class PublishedSlotsOnly extends Refusal {
  readonly code = 'published_slots_only'
  readonly status = 422
  constructor(what: string) {
    super(`For this ${what} only published slots can be booked: ask for the free times, and name a slot_id.`)
  }
}

export class OffTheGrid extends Refusal {
  readonly code = 'off_the_grid'
  readonly status = 422
  constructor(step_minutes: number) {
    super(`Appointments start at every ${step_minutes} minutes here, not in between. Ask for the free times.`)
  }
}

export class BreakNeeded extends Refusal {
  readonly code = 'break_needed'
  readonly status = 422
  constructor(who: string, { appointments, minutes }: NonNullable<Rules['break_after']>) {
    super(`After ${appointments} appointments in a row the ${who} has a break of ${inWords(minutes)}.`)
  }
}

type Limit = 'most_per_provider_and_day' | 'most_per_client_and_day' | 'most_per_client' | 'most_holds'

export class LimitReached extends Refusal {
  readonly code = 'limit_reached'
  readonly status = 422
  override readonly facts: { limit: Limit; most: number }
  constructor(limit: Limit, most: number, what: string) {
    super(`No more than ${most} ${what}.`)
    this.facts = { limit, most }
  }
}

export class OneIsEnough extends Refusal {
  readonly code = 'one_per_provider_and_dependent'
  readonly status = 422
  constructor(provider: string, whom: string) {
    super(
      `There is an appointment with this ${provider} for this ${whom} already, and there can be only one.`,
    )
  }
}

export class OneAtALocation extends Refusal {
  readonly code = 'one_per_client_and_location'
  readonly status = 422
  constructor(client: string, location: string) {
    super(`This ${client} has an appointment to come at this ${location} already, and there can be only one.`)
  }
}

/** A length of time as people say it. */
export function inWords(minutes: number): string {
  if (minutes % 1440 === 0) return counted(minutes / 1440, 'day')
  return minutes % 60 === 0 ? counted(minutes / 60, 'hour') : counted(minutes, 'minute')
}

function counted(number: number, unit: string): string {
  return number === 1 ? `1 ${unit}` : `${number} ${unit}s`
}
