import { Refusal } from '../refusal.ts'
import { inWords } from '../slots/rules.ts'

export class TooLateToChange extends Refusal {
  readonly code = 'too_late_to_change'
  readonly status = 422

  constructor(minutes: number) {
    super(
      `It is too late for that: an appointment can be moved or cancelled up to ${inWords(minutes)} before it starts.`,
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
