import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { startCatcher } from '../../server/notifications/testing/catcher.ts'
import { startMailServer } from '../../server/notifications/testing/mail-server.ts'
import { allPages, ask } from '../app.ts'
import { PASSWORD } from '../cast.ts'
import { databaseKind } from '../database.ts'
import { type Program, startProgram } from '../program.ts'
import { type Home, newHome } from './home.ts'
import { type Business, setUpBusiness } from './load.ts'

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 1)
const EACH_ROUND = 10
const REMINDED = 40
/** So many messages of a channel a program says at once: the most that a kill can leave uncertain. */
const AT_ONCE = 5
const PATIENCE = { interval: 50, timeout: 60_000 }

/** Weeks pass in this file. */
const LONG_LOG_INS = { ACCESS_TOKEN_EXPIRE_MINUTES: '525600' }

const mail = await startMailServer()
const phones = await startCatcher()
let home: Home
let business: Business
let programs: Program[] = []
let clock = Temporal.Instant.from('2027-03-01T08:00:00Z')
let booked = 0
before(async () => {
  home = await newHome()
  const env = { ...home.env, ...LONG_LOG_INS, PUNCTUAL_NOW: '2027-03-01T07:00:00Z' }
  business = await setUpBusiness({ env, start: async () => [await startProgram(env)] })
})
after(async () => {
  await Promise.all(programs.map((program) => program.end('SIGKILL')))
  await home.remove()
  await Promise.all([mail.stop(), phones.stop()])
})

/** Starts as many programs as there can be, at this moment of theirs. */
async function startAt(PUNCTUAL_NOW: string): Promise<string> {
  const env = { ...home.env, ...LONG_LOG_INS, ...mail.env, SMS_URL: `${phones.url}/sms`, PUNCTUAL_NOW }
  const count = databaseKind === 'embedded' ? 1 : 2
  programs = await Promise.all(Array.from({ length: count }, () => startProgram(env)))
  return programs[0]!.address
}

async function kill(): Promise<void> {
  await Promise.all(programs.map((program) => program.end('SIGKILL')))
  if (databaseKind === 'embedded') return
  // What the queue does by itself a few minutes after somebody died who had something in hand.
  await home.look((pool) =>
    pool.query(`update pgboss.job set state = 'retry', start_after = now() where state = 'active'`),
  )
}

async function tell(address: string, method: string, path: string, token: string | undefined, body: object) {
  const answer = await ask(address, method, path, { token, body })
  assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

let admin: string | undefined
async function administrator(address: string): Promise<string> {
  const body = { email: 'admin@example.com', password: PASSWORD }
  return (admin ??= (await tell(address, 'POST', '/auth/login', undefined, body)).access_token as string)
}

/** Books so many appointments of five minutes from a moment on; answers with their ids. */
async function bookFrom(address: string, begin: string, count: number): Promise<string[]> {
  const { provider_id, tokens } = business
  const starts = Array.from({ length: count }, (_, at) =>
    Temporal.Instant.from(begin).add({ minutes: 5 * at }),
  )
  const booked = await Promise.all(
    starts.map((start, at) => {
      const times = { starts_at: start.toString(), ends_at: start.add({ minutes: 5 }).toString() }
      return tell(address, 'POST', '/appointments', tokens[at % tokens.length]!, { provider_id, ...times })
    }),
  )
  return booked.map(({ id }) => id)
}

interface Record {
  id: string
  kind: string
  channel: string
  state: string
  appointment_id: string
}
async function records(query: string): Promise<Record[]> {
  const { address } = programs[0]!
  const app = { get: (path: string, asking: object) => ask(address, 'GET', path, asking) }
  return allPages<Record>(app, `/notifications?limit=200&${query}`, await administrator(address))
}
const idsOfMails = () => mail.mails.map((received) => received.header('Message-ID'))
const idOf = ({ id }: Record) => `<${id}@punctual.example>`
/** Each is another, for each tells of another time. */
const texts = () => phones.caught.map(({ fields }) => `${fields.to} ${fields.message}`)
const twice = (all: string[]) => all.filter((one, at) => all.indexOf(one) !== at)

async function settled(t: TestContext, query: string, count: number): Promise<Record[]> {
  let found: Record[] = []
  await t.waitFor(async () => {
    found = await records(query)
    const states = Object.groupBy(found, ({ state }) => state)
    assert.equal(found.length, count, query)
    assert.deepEqual([states.planned, states.sending], [undefined, undefined])
  }, PATIENCE)
  return found
}

describe('programs that are killed', { timeout: (ROUNDS + 2) * 60_000 }, () => {
  it(
    'tell of each booking that they answered once, although nothing was told when they died',
    { timeout: ROUNDS * 60_000 },
    async (t) => {
      const first = await startAt(`${clock}`)
      const token = await administrator(first)
      await tell(first, 'PATCH', '/organization', token, {
        rules: {
          messages: [
            { kind: 'booked', to: 'client', channels: ['email'] },
            { kind: 'cancelled', to: 'client', channels: ['email', 'sms'] },
          ],
          reminders: [{ minutes_before: 1440, channels: ['email', 'sms'] }],
        },
      })
      for (const [at, client] of business.tokens.entries())
        await tell(first, 'PATCH', '/users/me', client, { phone: `+44163296000${at}` })
      for (let round = 1; round <= ROUNDS; round++) {
        const day = Temporal.PlainDate.from('2027-04-01').add({ days: round })
        const ids = await bookFrom(programs[0]!.address, `${day}T08:00:00Z`, EACH_ROUND)
        // The first time at once: nothing has been handed on. Later, wherever they then are.
        if (round > 1) await setTimeout(Math.random() * 1500)
        await kill()

        await startAt(`${(clock = clock.add({ minutes: 5 }))}`)
        const told = await settled(t, 'kind=booked', (booked += EACH_ROUND))
        const about = new Set(told.map(({ appointment_id }) => appointment_id))
        const mailed = new Set(idsOfMails())
        const untold = ids.filter((id) => !about.has(id))
        const unsent = told.filter((message) => message.state !== 'sent' || !mailed.has(idOf(message)))
        assert.deepEqual({ untold, unsent }, { untold: [], unsent: [] })
      }
    },
  )

  it('do not say an SMS again that they were saying, and a mail only with the id it had', async (t) => {
    const [one] = await bookFrom(programs[0]!.address, '2027-05-01T08:00:00Z', 1)
    await settled(t, 'kind=booked', (booked += 1))
    const { promise, resolve: answers } = Promise.withResolvers<void>()
    mail.holds = phones.holds = promise
    const [mails, sms] = [mail.begun, phones.caught.length]
    await tell(programs[0]!.address, 'POST', `/appointments/${one}/cancel`, business.tokens[0]!, {})
    await t.waitFor(
      () => assert.deepEqual([mail.begun, phones.caught.length], [mails + 1, sms + 1]),
      PATIENCE,
    )
    await kill()
    answers()
    mail.holds = phones.holds = null

    await startAt(`${clock.add({ minutes: 10 })}`)
    const told = await settled(t, 'kind=cancelled', 2)
    const states = Object.fromEntries(told.map(({ channel, state }) => [channel, state]))
    assert.deepEqual(states, { email: 'sent', sms: 'uncertain' })
    assert.deepEqual(twice(texts()), [])
    const mailed = told.find(({ channel }) => channel === 'email')!
    assert.equal(idsOfMails().filter((id) => id === idOf(mailed)).length, 2)
  })
})

describe('reminders of many appointments that are due at once', { timeout: 240_000 }, () => {
  it('are each sent once, by however many programs', async (t) => {
    await bookFrom(programs[0]!.address, '2027-03-10T08:00:00Z', REMINDED)
    await settled(t, 'kind=booked', (booked += REMINDED))
    for (const program of programs) assert.equal(await program.end('SIGTERM'), 0, program.output())
    const mails = mail.mails.length
    phones.caught.length = 0

    await startAt('2027-03-09T12:00:00Z')
    const told = await settled(t, 'kind=reminder', REMINDED * 2)
    assert.deepEqual(new Set(told.map(({ state }) => state)), new Set(['sent']))
    assert.deepEqual([texts().length, twice(texts())], [REMINDED, []])
    const ids = idsOfMails().slice(mails)
    assert.deepEqual([ids.length, twice(ids)], [REMINDED, []])
  })

  it('are said no second time after a kill in the midst of them: what may have been said is uncertain', async (t) => {
    await bookFrom(programs[0]!.address, '2027-03-20T08:00:00Z', REMINDED)
    await settled(t, 'kind=booked', (booked += REMINDED))
    for (const program of programs) await program.end('SIGTERM')
    const mails = mail.mails.length
    phones.caught.length = 0
    // From the eighth on, it does not answer any more.
    const never = new Promise<void>(() => {})
    const { answer } = phones
    phones.answer = (caught) => {
      if (phones.caught.length >= 8) phones.holds = never
      return answer(caught)
    }

    await startAt('2027-03-19T12:00:00Z')
    await t.waitFor(() => assert.ok(phones.caught.length >= 10), PATIENCE)
    await kill()
    phones.holds = null
    phones.answer = answer
    await startAt('2027-03-19T12:05:00Z')
    const told = (await settled(t, 'kind=reminder', REMINDED * 4)).filter(({ state }) => state !== 'sent')
    assert.deepEqual(new Set(told.map(({ state }) => state)), new Set(['uncertain']))
    const perChannel = Object.groupBy(told, ({ channel }) => channel)
    const most = AT_ONCE * programs.length
    assert.ok(perChannel.sms!.length <= most && (perChannel.email ?? []).length <= most)
    // What is uncertain may have been on its way, or may never have left.
    assert.ok(texts().length >= REMINDED - perChannel.sms!.length)
    assert.deepEqual(twice(texts()), [])
    assert.deepEqual(twice(idsOfMails().slice(mails)), [])
  })
})
