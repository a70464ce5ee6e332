import assert from 'node:assert/strict'
import { after, describe, it, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { databaseKind, quiet, testDatabase } from '../../test/database.ts'
import { inTransaction } from '../database/transactions.ts'
import { type EventKind, type PunctualEvent, record } from '../events/events.ts'
import { newId } from '../ids.ts'
import { type Queue, startQueue } from './queue.ts'
import type { Consumer } from './relay.ts'

const { db, pool, close } = await testDatabase()
after(close)

const organization_id = newId()
const now = () => Temporal.Instant.from('2027-03-01T08:00:00Z')
const failures: unknown[] = []
const log = { ...quiet, error: (facts: object, message?: string) => void failures.push([message, facts]) }
const soon = { interval: 20, timeout: 20_000 }

interface Listener extends Consumer {
  heard: PunctualEvent[]
}

let count = 0
/** Somebody new who learns of events; `think` may throw. */
function newListener(think: (event: PunctualEvent, times: number) => void = () => {}): Listener {
  const heard: PunctualEvent[] = []
  const kinds: EventKind[] = ['account.invited']
  const handle = async (event: PunctualEvent) => {
    heard.push(event)
    think(event, heard.filter(({ id }) => id === event.id).length)
  }
  return { name: `listener-${++count}`, kinds, handle, heard }
}

async function startFor(t: TestContext, ...consumers: Listener[]): Promise<Queue> {
  failures.length = 0
  const queue = await startQueue({ pool, db, consumers, now, log, retry_seconds: 0 })
  t.after(() => queue.stop())
  return queue
}

/** Something that happens; the id of whom it happens to is how it is known again. */
async function happen(kind: 'account.invited' | 'account.signed_up' = 'account.invited'): Promise<string> {
  const person_id = newId()
  await inTransaction(db, (trx) => record(trx, organization_id, kind, { person_id }, now()))
  return person_id
}

/** As another program leaves it behind that was ended after its commit. */
async function happenElsewhere(): Promise<string> {
  const person_id = newId()
  await sql`insert into events (organization_id, id, kind, data, created_at)
    values (${organization_id}, ${newId()}, 'account.invited', ${JSON.stringify({ person_id })}, now())`.execute(
    db,
  )
  return person_id
}

const whom = ({ heard }: Listener) => heard.map(({ data }) => (data as { person_id: string }).person_id)
const hears = (t: TestContext, listener: Listener, people: string[]) =>
  t.waitFor(() => assert.deepEqual(whom(listener), people), soon)

describe('what happened', () => {
  it('is told after the commit, whole', async (t) => {
    const listener = newListener()
    await startFor(t, listener)
    const person_id = await happen()
    await hears(t, listener, [person_id])
    const { id, ...event } = listener.heard[0]!
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(event, { organization_id, kind: 'account.invited', data: { person_id } })
    assert.deepEqual(failures, [])
  })

  it('is not told before the commit', async (t) => {
    const listener = newListener()
    const queue = await startFor(t, listener)
    const written = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const person_id = newId()
    const happening = inTransaction(db, async (trx) => {
      await record(trx, organization_id, 'account.invited', { person_id }, now())
      written.resolve()
      await mayCommit.promise
    })
    await written.promise
    const drained = queue.drain()
    if (databaseKind === 'postgresql') {
      await drained
      const { rows } = await pool.query('select from pgboss.job where name = $1', [listener.name])
      assert.equal(rows.length, 0)
    }
    assert.deepEqual(listener.heard, [])
    mayCommit.resolve()
    await happening
    await hears(t, listener, [person_id])
  })

  it('is not told at all after a rollback', async (t) => {
    const listener = newListener()
    await startFor(t, listener)
    const failing = inTransaction(db, async (trx) => {
      await record(trx, organization_id, 'account.invited', { person_id: newId() }, now())
      throw new Error('no')
    })
    await assert.rejects(failing)
    await hears(t, listener, [await happen()])
  })

  it('is told once, although it is handed on twice', async (t) => {
    const listener = newListener()
    const queue = await startFor(t, listener)
    const people = [await happen(), await happen(), await happen()]
    await hears(t, listener, people)
    await pool.query(`update events set relayed_at = null where data->>'person_id' = any($1)`, [people])
    await queue.drain()
    await hears(t, listener, [...people, await happen()])
  })

  it('is told once, although several programs hand it on', async (t) => {
    const listener = newListener()
    const queues = await Promise.all([1, 2, 3].map(() => startFor(t, listener)))
    const people = await Promise.all(Array.from({ length: 40 }, happenElsewhere))
    await Promise.all(queues.map((queue) => queue.drain()))
    await t.waitFor(() => assert.equal(listener.heard.length, 40), soon)
    const last = await happen()
    await t.waitFor(() => assert.ok(whom(listener).includes(last)), soon)
    assert.deepEqual(whom(listener).toSorted(), [...people, last].toSorted())
  })

  it('in one transaction is told in the order in which it happened', async (t) => {
    const listener = newListener()
    await startFor(t, listener)
    const people = Array.from({ length: 15 }, newId)
    await inTransaction(db, async (trx) => {
      for (const person_id of people) {
        await record(trx, organization_id, 'account.invited', { person_id }, now())
      }
    })
    await hears(t, listener, people)
  })

  it('is told without a pause, however much of it there is', async (t) => {
    const listener = newListener()
    const people: string[] = []
    for (let time = 0; time < 400; time++) people.push(await happenElsewhere())
    const queue = await startFor(t, listener)
    await queue.drain()
    const { rows } = await pool.query('select from events where relayed_at is null')
    assert.equal(rows.length, 0)
    // Twenty a second would take twenty seconds.
    await t.waitFor(() => assert.equal(listener.heard.length, 400), { interval: 20, timeout: 12_000 })
    assert.deepEqual(whom(listener).toSorted(), people.toSorted())
  })

  it('is told to whom it concerns, and to nobody else', async (t) => {
    const [one, another] = [newListener(), newListener()]
    another.kinds = ['account.signed_up', 'account.invited']
    await startFor(t, one, another)
    const signedUp = await happen('account.signed_up')
    const invited = await happen('account.invited')
    await hears(t, another, [signedUp, invited])
    await hears(t, one, [invited])
  })

  it('is told by itself when another program left it behind', async (t) => {
    const listener = newListener()
    await startFor(t, listener)
    await hears(t, listener, [await happenElsewhere()])
  })

  it('while nobody was there is told by who comes next', async (t) => {
    const listener = newListener()
    const queue = await startFor(t, listener)
    await queue.stop()
    const person_id = await happen()
    assert.deepEqual(listener.heard, [])
    await startFor(t, listener)
    await hears(t, listener, [person_id])
  })

  it('and somebody had in hand who died is told at once, where nobody else can live', async (t) => {
    const listener = newListener()
    const first = await startFor(t, listener)
    const person_id = await happen()
    await hears(t, listener, [person_id])
    await first.stop()
    const unfinished = `update pgboss.job set state = 'active', completed_on = null where name = $1`
    assert.equal((await pool.query(unfinished, [listener.name])).rowCount, 1)

    const parts = { pool, db, consumers: [listener], now, log, retry_seconds: 0 }
    const queue = await startQueue({ ...parts, worker: { id: newId(), isAlone: true } })
    t.after(() => queue.stop())
    await hears(t, listener, [person_id, person_id])
  })
})

describe('somebody who fails when told', () => {
  it('is told again, and hinders nobody else', async (t) => {
    const failing = newListener((_, times) => {
      if (times < 3) throw new Error('not now')
    })
    const well = newListener()
    await startFor(t, failing, well)
    const person_id = await happen()
    await hears(t, well, [person_id])
    await hears(t, failing, [person_id, person_id, person_id])
    await hears(t, well, [person_id])
    assert.equal(failures.length, 2)
  })

  it('is told of everything else once, although it came in one batch', async (t) => {
    const people: string[] = []
    for (let time = 0; time < 5; time++) people.push(await happenElsewhere())
    const failing = newListener(({ data }) => {
      if ((data as { person_id: string }).person_id === people[2]) throw new Error('never this')
    })
    await startFor(t, failing)
    const [first, second, poison, ...rest] = people as [string, string, string, ...string[]]
    await hears(t, failing, [first, second, poison, ...rest, poison, poison, poison])
  })
})
