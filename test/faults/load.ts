import assert from 'node:assert/strict'
import type { Pool } from 'pg'
import { ask } from '../app.ts'
import { PASSWORD } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { runProgram } from '../program.ts'
import type { Home } from './home.ts'

const CLIENTS = 4

/** An organization that never closes, and some of its clients. */
export interface Business {
  provider_id: string
  tokens: string[]
  /** From when on its times are free. */
  next_minute: number
}

/** What was answered with success: none of it may ever be lost. */
export interface Answered {
  appointment_id: string
  action: 'booked' | 'reschedule' | 'cancel'
  starts_at: string
}

/** Makes an organization as whoever installs the program does: by `setup`, and then over HTTP. */
export async function setUpBusiness({ env, start }: Pick<Home, 'env' | 'start'>): Promise<Business> {
  const admin = 'admin@example.com'
  const words = ['--trade', 'general', '--name', 'Corner Studio', '--slug', 'corner', '--time-zone', 'UTC']
  const done = await runProgram(['setup', ...words, '--admin', admin, '--password', PASSWORD], env)
  assert.equal(done.code, 0, done.output)

  const programs = await start()
  const { address } = programs[0]!
  const post = async (path: string, body: object, token?: string, method = 'POST') => {
    const answer = await ask(address, method, path, { token, body })
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const logIn = async (email: string): Promise<string> =>
    (await post('/auth/login', { email, password: PASSWORD })).access_token
  const token = await logIn(admin)
  const provider_id = (await post('/providers', { name: 'Anna' }, token)).id
  const windows = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' }))
  await post('/hours/week', { provider_id, windows }, token, 'PUT')
  const tokens = []
  for (let at = 0; at < CLIENTS; at++) {
    const email = `client${at}@example.com`
    await post('/auth/register', { email, password: PASSWORD, name: `Client ${at}` })
    tokens.push(await logIn(email))
  }
  for (const program of programs) assert.equal(await program.end('SIGTERM'), 0, program.output())
  return { provider_id, tokens, next_minute: 0 }
}

export interface Load {
  answered: Answered[]
  /** Every other answer, and how requests ended that had none. */
  others: string[]
  /** Resolves once so much was answered: in the very moment, when others are still on their way. */
  reaches(count: number): Promise<void>
  /** Resolves when every client has stopped: because it was told to, or because nobody answered it any more. */
  ended: Promise<unknown>
  stop(): void
}

/** Clients who book, move and cancel without a pause, each its own times, until there is nobody to ask. */
export function keepBooking(business: Business, addresses: string[]): Load {
  const answered: Answered[] = []
  const others: string[] = []
  const waiting: { count: number; reached: () => void }[] = []
  let isStopped = false

  async function client(token: string, address: string): Promise<void> {
    for (let turn = 0; !isStopped; turn++) {
      const minute = (business.next_minute += 5)
      const booked = await tell(address, token, '', timesAt(minute, 7))
      if (booked === 'gone') return
      if (!booked) continue
      note('booked', booked)
      const path = `/${booked.id}`
      const done =
        turn % 3 === 1
          ? await tell(address, token, `${path}/reschedule`, timesAt(minute, 200))
          : turn % 3 === 2 && (await tell(address, token, `${path}/cancel`, {}))
      if (done === 'gone') return
      if (done) note(turn % 3 === 1 ? 'reschedule' : 'cancel', done)
    }
  }

  async function tell(address: string, token: string, path: string, body: object) {
    try {
      const answer = await ask(address, 'POST', `/appointments${path}`, { token, body })
      if (answer.status < 300) return answer.body as { id: string; starts_at: string }
      others.push(`${answer.status} ${answer.body.code}`)
      return undefined
    } catch (error) {
      others.push(`no answer: ${((error as Error).cause as Error | undefined)?.message ?? String(error)}`)
      return 'gone'
    }
  }

  function note(action: Answered['action'], { id, starts_at }: { id: string; starts_at: string }) {
    answered.push({ appointment_id: id, action, starts_at })
    for (const { count, reached } of waiting) if (answered.length >= count) reached()
  }

  function timesAt(minute: number, days: number) {
    const first = Temporal.Now.instant().round('hour')
    const starts_at = first.add({ hours: 24 * days, minutes: minute })
    return {
      provider_id: business.provider_id,
      starts_at: starts_at.toString(),
      ends_at: starts_at.add({ minutes: 5 }).toString(),
    }
  }

  const clients = business.tokens.map((token, at) => client(token, addresses[at % addresses.length]!))
  return {
    answered,
    others,
    reaches: (count) => new Promise((reached) => waiting.push({ count, reached })),
    ended: Promise.all(clients),
    stop: () => (isStopped = true),
  }
}

/** What was answered and is not there, or is not there as it was answered; and every other broken promise. */
export async function findLost(
  pool: Pool,
  answered: Answered[],
): Promise<{ lost: Answered[]; broken: string[] }> {
  const text = `select appointment_id, action, (after ->> 'starts_at')::timestamptz as starts_at from appointment_events`
  const { rows } = await pool.query(text)
  const key = ({ appointment_id, action, starts_at }: Answered) => `${appointment_id} ${action} ${starts_at}`
  const kept = new Set(rows.map(key))
  return { lost: answered.filter((one) => !kept.has(key(one))), broken: await findBrokenPromises(pool) }
}
