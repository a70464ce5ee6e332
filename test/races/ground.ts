import { type Answer, ask, type Asking, MONDAY, SECRET, startApp, type TestApp } from '../app.ts'
import { killPrograms, type Program, startProgram } from '../program.ts'

/** How often each race is run; more often in the long run. */
export const ROUNDS = Number(process.env.RACE_ROUNDS ?? 2)

/**
 * Where races are run: on the embedded database in the one program there can be, on PostgreSQL in two that know nothing
 * of each other. What is needed beforehand is made by `app`.
 */
export interface RaceGround {
  app: TestApp
  /** Asks one program after the other. */
  ask(method: string, path: string, asking?: Asking): Promise<Answer>
  /** Lets the clock go on, where it does not do so by itself. */
  tick(): void
  /** Ends the programs, and answers how many deadlocks there were. */
  deadlocks(): Promise<number>
  stop(): Promise<void>
}

export async function raceGround(): Promise<RaceGround> {
  const app = await startApp({ env: { PUNCTUAL_NOW: MONDAY } })
  const { url } = app.connection
  const programs = url ? await startTwo(url).catch(giveUp) : []
  const addresses = url ? programs.map(({ address }) => address) : [app.address]
  let next = 0
  async function giveUp(error: unknown): Promise<never> {
    killPrograms()
    await app.stop()
    throw error
  }
  const endAll = () => Promise.all(programs.map((program) => program.end('SIGTERM')))
  return {
    app,
    ask: (method, path, asking) => ask(addresses[next++ % addresses.length]!, method, path, asking),
    tick: () => app.pass({ milliseconds: 5 }),
    async deadlocks() {
      // What a server process has counted is sure to be seen once it has ended.
      await endAll()
      const text = 'select deadlocks from pg_stat_database where datname = current_database()'
      return url ? Number((await app.connection.pool.query(text)).rows[0].deadlocks) : 0
    },
    async stop() {
      await endAll()
      await app.stop()
    },
  }
}

function startTwo(database_url: string): Promise<Program[]> {
  const env = { DATABASE_URL: database_url, PUNCTUAL_NOW: MONDAY, SECRET_KEY: SECRET }
  return Promise.all([startProgram(env), startProgram(env)])
}

/** How many answers there were of each kind. */
export function counted(answers: { status: number; body: { code?: string } }[]): Record<string, number> {
  const kinds = answers.map(({ status, body }) => [status, body?.code ?? []].flat().join(' '))
  return Object.fromEntries([...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length]))
}

/** Any order, so that no race is decided by who asks first. */
export function shuffled<T>(things: T[]): T[] {
  return things
    .map((thing) => ({ thing, at: Math.random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ thing }) => thing)
}
