/** Some requests that belong together, in the order in which they are sent. */
export interface Flow {
  name: string
  description: string
  steps: Step[]
}

/** One request, and what its answer must be. `{{name}}` stands for what an earlier answer left behind. */
export interface Step {
  name: string
  /** The operation as the OpenAPI document has it, below the base of the dialect. */
  asks: `${'GET' | 'POST' | 'PATCH' | 'DELETE'} /${string}`
  /** Of what the id stands in the path: appointment for {{appointment_id}}. */
  id?: string
  /** Who asks: client for {{client_token}}; a visitor unless said. */
  as?: string
  query?: Record<string, string | number>
  json?: Record<string, unknown>
  form?: Record<string, string>
  /** A script that runs before: see preparations.ts. */
  before?: string
  /** The status, or those of which any will do. */
  answers: number | number[]
  /** What the answer shows: a promise, and the script that looks. `answer` (or `calendar`) is the body, `kept` reads a variable. */
  shows?: Record<string, string>
  /** What is kept of the answer for later: the name of a variable, and where the answer has it. */
  keeps?: Record<string, string>
}
