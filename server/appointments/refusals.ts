import { Refusal } from '../refusal.ts'
import { inWords } from '../slots/refusals.ts'

export class TooLateToChange extends Refusal {
  readonly code = 'too_late_to_change'
  readonly status = 422

  constructor(minutes: number) {
    const until = minutes === 0 ? 'until it starts' : `up to ${inWords(minutes)} before it starts`
    super(`It is too late for that: an appointment can be moved or cancelled ${until}.`)
  }
}

export class NotStartedYet extends Refusal {
  readonly code = 'not_started_yet'
  readonly status = 409

  constructor() {
    super('The appointment has not started yet.')
  }
}
