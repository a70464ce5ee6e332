import { pino } from 'pino'
import type { Dialect } from '../dialects/dialect.ts'
import { buildPunctual, type Punctual } from '../app.ts'
import type { Connection } from '../server/database/connect.ts'
import type { Queue } from '../server/queue/queue.ts'
import { readSettings } from '../server/settings.ts'
import { testDatabase } from './database.ts'

/** The instant at which the clock of a test stands unless it says otherwise: a Monday, eight in the morning in UTC. */
export const MONDAY = '2027-03-01T08:00:00Z'

/** Signs tokens; a second program that is given it knows those of the first. */
export const SECRET = 'a secret that is long enough for tests'

export interface Answer {
  status: number
  // The answer is what the test is about: it looks at it as a program in another language would.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
  headers: Headers
}

export interface LogLine {
  level: number
  msg: string
  [fact: string]: unknown
}

export interface Asking {
  token?: string
  body?: unknown
  headers?: Record<string, string>
}

export interface TestApp extends Punctual {
  connection: Connection & { url?: string }
  address: string
  now(): Temporal.Instant
  /** Sets the program's clock, which otherwise stands still. */
  setClock(instant: string): void
  /** Moves the program's clock on. */
  pass(time: Temporal.DurationLike): void
  /** One real request over HTTP. */
  request(method: string, path: string, asking?: Asking): Promise<Answer>
  get(path: string, asking?: Asking): Promise<Answer>
  post(path: string, asking?: Asking): Promise<Answer>
  /** Log lines written so far. */
  logged: LogLine[]
  queue?: Queue
  stop(): Promise<void>
}

export interface Wanted {
  queue?: boolean
  env?: Record<string, string>
  /** The APIs of other systems that are mounted; all unless said. */
  dialects?: Dialect[]
  /** For tests that need a database in which nobody has been before. */
  alone?: boolean
}

/**
 * The whole program on a free port, with a clock that the test sets. Its database may have people in it whom a file
 * before this one has hired: see test/worker.ts.
 */
export async function startApp(wanted: Wanted = {}): Promise<TestApp> {
  const isOrdinary = Object.keys(wanted).length === 0
  return isOrdinary && turns?.isFree ? turns.begin() : newApp(wanted)
}

let turns: Turns | undefined

/** From now on, files that run one after the other in this process take turns on one program. */
export function takeTurns(): Turns {
  return (turns = new Turns())
}

/** Most of what a file of tests costs is to begin a program and a database, and hardly any needs its own. */
class Turns {
  isFree = true
  #app: (TestApp & { forget(): void }) | undefined

  async begin(): Promise<TestApp> {
    this.isFree = false
    const app = (this.#app ??= await newApp())
    app.forget()
    return { ...app, stop: async () => this.next() }
  }

  next(): void {
    this.isFree = true
  }

  async end(): Promise<void> {
    await this.#app?.stop()
  }
}

async function newApp(options: Wanted = {}): Promise<TestApp & { forget(): void }> {
  const connection = await testDatabase()
  const logged: LogLine[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => logged.push(JSON.parse(line)) })
  let instant = Temporal.Instant.from(MONDAY)
  const now = () => instant
  const settings = readSettings({ ENVIRONMENT: 'local', ...options.env })
  const punctual = await buildPunctual({
    connection,
    now,
    settings,
    secret_key: SECRET,
    logger,
    dialects: options.dialects,
  })
  const queue = options.queue ? await punctual.startQueue() : undefined
  const address = await punctual.app.listen({ port: 0, host: '127.0.0.1' })
  const request = (method: string, path: string, asking?: Asking) => ask(address, method, path, asking)

  return {
    ...punctual,
    connection,
    address,
    now,
    setClock: (at) => (instant = Temporal.Instant.from(at)),
    pass: (time) => (instant = instant.add(time)),
    request,
    get: (path, asking) => request('GET', path, asking),
    post: (path, asking) => request('POST', path, asking),
    logged,
    queue,
    /** What one file has done to the clock and the log, the next does not know. */
    forget() {
      instant = Temporal.Instant.from(MONDAY)
      logged.length = 0
    },
    async stop() {
      await punctual.app.close()
      await queue?.stop()
      punctual.messages.close()
      await connection.close()
    },
  }
}

/** Asks a running program; paths are those below /api/v1 unless they say otherwise. */
export async function ask(
  address: string,
  method: string,
  path: string,
  asking: Asking = {},
): Promise<Answer> {
  const { token, body, headers } = asking
  const isText = typeof body === 'string' || body instanceof URLSearchParams || body instanceof FormData
  const answer = await fetch(
    address +
      (path.startsWith('/api/') || path.startsWith('//') ? path.replace('//', '/') : `/api/v1${path}`),
    {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && !isText && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
    },
  )
  // A stream has no end to wait for; its tests listen to it in their own way.
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream')
  if (isStream) await answer.body?.cancel()
  const text = isStream ? '' : await answer.text()
  // The answer to HEAD speaks of JSON and has none.
  const isJson = text !== '' && answer.headers.get('content-type')?.includes('json')
  return { status: answer.status, body: isJson ? JSON.parse(text) : text, headers: answer.headers }
}

/** All items of a list, page by page. */
export async function allPages<T = { id: string }>(
  app: Pick<TestApp, 'get'>,
  path: string,
  token?: string,
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const { status, body }: Answer = await app.get(cursor ? `${path}&cursor=${cursor}` : path, { token })
    if (status !== 200) throw new Error(`${path} is answered with ${status}: ${JSON.stringify(body)}`)
    items.push(...body.items)
    cursor = body.next_cursor
  } while (cursor)
  return items
}
