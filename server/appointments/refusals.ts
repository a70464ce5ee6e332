import { NotAllowed, Refusal } from '../refusal.ts'

export class ClientBlocked extends NotAllowed {
  constructor() {
    super('No further appointments can be booked: too many were missed. Please call us.')
  }
}

export class TooLateToChange extends Refusal {
  readonly code = 'too_late_to_change'
  readonly status = 422

  constructor(minutes: number) {
    const notice = minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`
    super(
      `It is too late for that: an appointment can be moved or cancelled up to ${notice} before it starts.`,
    )
  }
}

export class NotStartedYet extends Refusal {
  readonly code = 'not_started_yet'
  readonly status = 409

  constructor() {
    super('The appointment has not started yet.')
  }
}
