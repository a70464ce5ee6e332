export interface FieldProblem {
  field: string
  message: string
}

/**
 * A request that was understood and is not granted. Each refusal is a class of its own beside the verb that refuses:
 * `code` for programs (it never changes), the message for people, `status` for HTTP.
 */
export abstract class Refusal extends Error {
  abstract readonly code: string
  abstract readonly status: number
  /** What was wrong with which field, where the fault lies in fields. */
  readonly fields?: FieldProblem[]
  /** Further facts for programs; they stand beside the message in the answer. */
  readonly facts?: Record<string, unknown>
}

/** The request's content cannot be accepted as it is: one entry per field that is wrong. */
export class InvalidInput extends Refusal {
  readonly code = 'invalid_input'
  readonly status = 422
  override readonly fields: FieldProblem[]

  constructor(fields: FieldProblem[]) {
    super(fields.map((problem) => `${problem.field} ${problem.message}`).join('; ') + '.')
    this.fields = fields
  }
}

/** Also the answer for what the actor may not know to exist. */
export class NotFound extends Refusal {
  readonly code = 'not_found'
  readonly status = 404

  constructor(what: string) {
    super(`There is no ${what} with this id.`)
  }
}

export class NotAllowed extends Refusal {
  readonly code: string = 'not_allowed'
  readonly status = 403

  constructor(message = 'You may not do this.') {
    super(message)
  }
}
