import type { Operation } from '../server/http/routes.ts'
import type { Answer, TestApp } from './app.ts'
import type { Person, Stage } from './cast.ts'
import { clinic } from './dialects/clinic.ts'
import { general } from './dialects/general.ts'
import { office } from './dialects/office.ts'
import { school } from './dialects/school.ts'
import { veterinary } from './dialects/veterinary.ts'

/** The id of one thing of each kind that an organization of a trade can have. */
export type Ids = Record<string, string>

export interface World extends Stage {
  ids: Ids
  /** Those who ask what is not for administrators. */
  people?: Record<string, Person>
}

/** How an operation is asked so that whoever asks gets what it is there for. */
export interface Question {
  /** Who asks, where it is not for administrators. */
  by?: string
  /** Whose ids stand in its path, by the names that the path has for them. */
  path?: Record<string, string>
  /** What else stands in its path. */
  words?: Record<string, string>
  query?: (ids: Ids) => Record<string, string>
  body?: (ids: Ids) => Record<string, unknown>
  /** Whether it may also be asked without that body. */
  mayHaveNone?: boolean
  /** When, where it is only for what has begun. */
  at?: string
  /** The status of the answer, where it is not that of success. */
  answers?: number
}

/** What test/dialects.test.ts has to know of a dialect to walk over it. */
export interface Walk {
  /** A new organization in which there is one of everything. */
  newWorld(app: TestApp): Promise<World>
  /** Each operation below the dialect's own base: "GET /auth/me". */
  questions: Record<string, Question>
  /** What it shows to visitors, where that is less than the core does. */
  open?: string[]
  /** The answer to what cannot be an id at all in a path, where it is not that it is not found. */
  impossibleId?: number
  /** Roles that are not administrators and may do something of all that it has. */
  mayAll?: string[]
  /** What a failure says. */
  sentenceOf(answer: Answer): string
}

/** Whoever adds a dialect adds its walk. */
export const walks: Record<string, Walk> = { general, school, office, clinic, veterinary }

/** What every dialect has besides the API itself. */
const welcome: Record<string, Question> = {
  'GET /': {},
  'GET /openapi.json': {},
  'GET /redoc': {},
  'GET /redoc/redoc.standalone.js': {},
  'GET /health': {},
  'GET /health/live': {},
  'GET /health/ready': {},
}

export function nameOf({ method, url, trade }: Operation): string {
  const below = url.replace(new RegExp(`^/${trade}(/api/v1)?`), '')
  return `${method} ${below || '/'}`
}

/** How an operation is asked. Throws for one of which nobody has said it. */
export function questionOf(operation: Operation, { questions }: Walk): Question {
  const question = questions[nameOf(operation)] ?? welcome[nameOf(operation)]
  if (!question)
    throw new Error(`nobody has told test/dialects how to ask ${operation.trade}: ${nameOf(operation)}`)
  return question
}

/** Questions whose operation is gone. */
export function leftOver(operations: Operation[], { questions }: Walk): string[] {
  const names = new Set(operations.map(nameOf))
  return Object.keys({ ...welcome, ...questions }).filter((name) => !names.has(name))
}

export interface Request {
  method: string
  path: string
  query: Record<string, string>
  body?: Record<string, unknown>
}

/** Asks an operation about the things with these ids. */
export function requestFor(operation: Operation, walk: Walk, ids: Ids): Request {
  const { path = {}, words = {}, query, body } = questionOf(operation, walk)
  const url = operation.url.replaceAll(/:(\w+)/g, (_, part: string) => {
    const id = words[part] ?? ids[path[part] ?? '']
    if (id === undefined)
      throw new Error(`nobody has told test/dialects whose ${part} is in ${nameOf(operation)}`)
    return id
  })
  return { method: operation.method, path: url, query: query?.(ids) ?? {}, body: body?.(ids) }
}

/** The token of whoever asks an operation. */
export function tokenFor(operation: Operation, walk: Walk, { admin, people = {} }: World): string {
  const { by } = questionOf(operation, walk)
  return by ? people[by]!.token : admin.token
}

/** Which kinds of ids an operation takes, in its path, its query or its body. */
export function kindsIn(operation: Operation, walk: Walk, ids: Ids): string[] {
  const asked = JSON.stringify(requestFor(operation, walk, ids))
  return Object.keys(ids).filter((kind) => asked.includes(ids[kind]!))
}
