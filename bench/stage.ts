import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { beginSession } from '../server/accounts/sessions.ts'
import { Tokens } from '../server/accounts/tokens.ts'
import { createUser } from '../server/accounts/users.ts'
import type { Connection } from '../server/database/connect.ts'
import { inTransaction } from '../server/database/transactions.ts'
import { replaceWeek } from '../server/hours/hours.ts'
import { addLocation, listLocations } from '../server/organizations/locations.ts'
import { createOrganization } from '../server/organizations/organizations.ts'
import { trades } from '../server/organizations/trades.ts'
import { setMember } from '../server/people/members.ts'
import type { Role } from '../server/permissions.ts'
import { addService } from '../server/services/services.ts'

const SECRET_KEY = 'the secret of the benchmarks, long enough'
/** The program's clock in benchmarks: a Sunday. */
export const NOW = '2027-02-28T08:00:00Z'
export const FIRST_DAY = '2027-03-01'

export interface Stage {
  /** Open around the clock. */
  provider_ids: string[]
  /** Open from nine to five, Monday to Friday. */
  part_time_ids: string[]
  part_time_location_id: string
  service_id: string
  tokens: string[]
}

/** Providers who are open around the clock, and clients who are logged in. */
export async function setStage(
  connection: Connection,
  size: { providers: number; clients: number },
): Promise<Stage> {
  const now = Temporal.Instant.from(NOW)
  const { db } = connection
  const tokens = new Tokens(SECRET_KEY)
  const place = { name: 'Bench', slug: 'bench', time_zone: 'Europe/London' }
  const { id: organization_id } = await createOrganization(db, trades.general!, place, now)
  const person = async (role: Role, n: number) => {
    const wanted = { email: `${role}${n}@bench.example`, name: `${role} ${n}`, roles: [role] }
    return (await createUser(db, { organization_id, person_id: null }, wanted, now)).id
  }
  const token = async (person_id: string) => {
    const issuing = { tokens, access_token_minutes: 10_000 }
    const issued = await inTransaction(db, (trx) =>
      beginSession(trx, issuing, { organization_id, person_id }, now),
    )
    return issued.access_token
  }
  const admin = {
    organization_id,
    person_id: await person('admin', 0),
    session_id: '',
    roles: ['admin' as const],
    location_ids: [],
  }
  const service = await addService(
    db,
    { organization_id, person_id: null },
    { name: 'Quarter of an hour', minutes: 15 },
    now,
  )
  const stage: Stage = {
    provider_ids: [],
    part_time_ids: [],
    part_time_location_id: '',
    service_id: service.id,
    tokens: [],
  }
  const [main] = await listLocations(db, organization_id)
  const branch = await addLocation(
    db,
    { organization_id, person_id: null },
    { name: 'Part-time branch' },
    now,
  )
  stage.part_time_location_id = branch.id
  const always = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' }))
  const partTime = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '09:00', closes: '17:00' }))
  for (let n = 0; n < 2 * size.providers; n++) {
    const provider_id = await person('provider', n)
    const isPartTime = n >= size.providers
    await replaceWeek(db, admin, { provider_id }, isPartTime ? partTime : always, now)
    await setMember(
      db,
      admin,
      { location_id: isPartTime ? branch.id : main!.id, person_id: provider_id },
      {},
      now,
    )
    ;(isPartTime ? stage.part_time_ids : stage.provider_ids).push(provider_id)
  }
  for (let n = 0; n < size.clients; n++) stage.tokens.push(await token(await person('client', n)))
  return stage
}

export interface Server {
  address: string
  seconds_to_answer: number
  /** Resident memory in MiB. */
  memory(): Promise<number>
  stop(): Promise<void>
}

/** The program itself, in a process of its own; answers when its port is open. */
export async function startServer(env: Record<string, string>): Promise<Server> {
  const port = await freePort()
  const began = performance.now()
  const child = spawn(process.execPath, ['main.ts', 'start'], {
    env: {
      ...process.env,
      SECRET_KEY,
      PUNCTUAL_NOW: NOW,
      LOG_LEVEL: 'error',
      PORT: String(port),
      HOST: '127.0.0.1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await untilItSpeaks(child)
  return {
    address: `http://127.0.0.1:${port}`,
    seconds_to_answer: (performance.now() - began) / 1000,
    async memory() {
      const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))!
      return Math.round(Number(kilobytes) / 1024)
    },
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

async function untilItSpeaks(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the program ended with ${code} before it answered`)
  })
  await Promise.race([once(child.stdout!, 'data'), ended])
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
