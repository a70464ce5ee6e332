import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { connect } from '../server/database/connect.ts'
import { migrate } from '../server/database/migrate.ts'
import { startPostgres } from '../test/postgres.ts'
import type { Measurement } from './engine.ts'
import type { LoadRequest, LoadResult } from './load.ts'
import { FIRST_DAY, type Server, setStage, type Stage, startServer } from './stage.ts'

const PROVIDERS = 50
const CLIENTS = 100
const QUARTER = 15 * 60_000
const first = Date.parse(`${FIRST_DAY}T00:00:00Z`)

/** The budgets of the running program: over HTTP, the load from a thread of its own, the program in its own process. */
export async function benchHttp(): Promise<Measurement[]> {
  return [...(await onPostgres()), ...(await embedded())]
}

async function onPostgres(): Promise<Measurement[]> {
  const postgres = await startPostgres({ fsync: true })
  try {
    const database_url = await postgres.createDatabase()
    const connection = await connect({ database_url, log: console as never })
    await migrate(connection.pool)
    const stage = await setStage(connection, { providers: PROVIDERS, clients: CLIENTS })
    await connection.close()
    const server = await startServer({ DATABASE_URL: database_url })
    const found = [
      memory('memory, idle, PostgreSQL', 250, await server.memory()),
      await bookings('bookings over HTTP, all different, PostgreSQL', 800, server, stage),
      await slots(server, stage),
      await monthOfAll(server, stage),
      await race('200 at once for one slot, PostgreSQL', server, stage),
    ]
    await server.stop()
    return found
  } finally {
    await postgres.stop()
  }
}

async function embedded(): Promise<Measurement[]> {
  const data_dir = await mkdtemp(join(tmpdir(), 'punctual-bench-'))
  try {
    const fresh = await startServer({ DATA_DIR: join(data_dir, 'fresh'), ENVIRONMENT: 'local' })
    await fresh.stop()
    const folder = join(data_dir, 'staged')
    const connection = await connect({ folder: join(folder, 'database'), log: console as never })
    await migrate(connection.pool)
    const stage = await setStage(connection, { providers: PROVIDERS, clients: CLIENTS })
    await connection.close()
    const server = await startServer({ DATA_DIR: folder })
    const found = [
      within('start, the very first time, embedded', 's', 5, fresh.seconds_to_answer),
      within('start with data there, embedded', 's', 2, server.seconds_to_answer),
      memory('memory, idle, embedded', 400, await server.memory()),
      await bookings('bookings over HTTP, all different, embedded', 300, server, stage),
      await race('200 at once for one slot, embedded', server, stage),
    ]
    await server.stop()
    return found
  } finally {
    await rm(data_dir, { recursive: true, force: true })
  }
}

async function bookings(what: string, budget: number, server: Server, stage: Stage): Promise<Measurement> {
  const all = Array.from({ length: 4000 }, (_, n) => booking(stage, n))
  await loadFrom(server, all.slice(0, 1000), 16)
  const result = await loadFrom(server, all.slice(1000), 16)
  const isRight = result.statuses[201] === 3000
  return {
    what,
    budget: `≥ ${budget} per second`,
    measured: `${perSecond(result)}, ${latency(result)}${isRight ? '' : `, ${JSON.stringify(result.statuses)}`}`,
    ok: isRight && result.per_second >= budget,
  }
}

/** Hours of nine to five, half an hour each: what the month of a practice looks like. */
async function slots(server: Server, stage: Stage): Promise<Measurement> {
  const requests = Array.from({ length: 1500 }, (_, n) => monthOf(stage, stage.part_time_ids[n % PROVIDERS]!))
  await loadFrom(server, requests.slice(0, 500), 8)
  const result = await loadFrom(server, requests, 8)
  return {
    what: "a month of one provider's free slots over HTTP, PostgreSQL",
    budget: '≥ 1200 per second on one core',
    measured: `${perSecond(result)}, ${latency(result)}`,
    ok: result.per_second >= 1200,
  }
}

async function monthOfAll(server: Server, stage: Stage): Promise<Measurement> {
  const requests = Array.from({ length: 20 }, () => monthOf(stage))
  const result = await loadFrom(server, requests, 1)
  return within('a month of 50 providers, over HTTP, PostgreSQL', 'ms', 50, result.p50)
}

async function race(what: string, server: Server, stage: Stage): Promise<Measurement> {
  const rounds = 5
  let isRight = true
  let slowest = 0
  for (let round = 0; round < rounds; round++) {
    const one = booking(stage, 50 * (90 * 96 + round))
    const all = stage.tokens.concat(stage.tokens).map((token) => ({ ...one, token }))
    const { statuses, seconds } = await loadFrom(server, all, 200)
    isRight &&= statuses[201] === 1 && statuses[409] === 199
    slowest = Math.max(slowest, seconds)
  }
  return {
    what,
    budget: 'one 201, 199 × 409, no 5xx',
    measured: `${isRight ? `so in ${rounds} rounds` : 'NOT SO'}, slowest round ${(slowest * 1000).toFixed(0)} ms`,
    ok: isRight,
  }
}

function booking({ provider_ids, service_id, tokens }: Stage, n: number): LoadRequest {
  const starts_at = new Date(first + Math.floor(n / PROVIDERS) * QUARTER).toISOString()
  const body = { provider_id: provider_ids[n % PROVIDERS], service_id, starts_at }
  return { method: 'POST', path: '/api/v1/appointments', token: tokens[n % CLIENTS], body }
}

function monthOf({ service_id, part_time_location_id }: Stage, provider_id?: string): LoadRequest {
  const whose = provider_id ? `&provider_id=${provider_id}` : `&location_id=${part_time_location_id}`
  return {
    method: 'GET',
    path: `/api/v1/slots?service_id=${service_id}&from=2027-03-01&to=2027-03-31${whose}`,
  }
}

/** The load from a thread of its own, so that it does not wait for this one. */
function loadFrom({ address }: Server, requests: LoadRequest[], in_flight: number): Promise<LoadResult> {
  const worker = new Worker(new URL('load.ts', import.meta.url), {
    workerData: { address, requests, in_flight },
  })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

function within(what: string, unit: string, budget: number, measured: number): Measurement {
  return {
    what,
    budget: `≤ ${budget} ${unit}`,
    measured: `${measured.toFixed(1)} ${unit}`,
    ok: measured <= budget,
  }
}

const memory = (what: string, budget: number, mebibytes: number) => within(what, 'MiB', budget, mebibytes)
const perSecond = ({ per_second }: LoadResult) => `${per_second.toFixed(0)} per second`
const latency = ({ p50, p99 }: LoadResult) => `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`
