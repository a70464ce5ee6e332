import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { sql } from 'kysely'
import { databaseKind, testDatabase } from '../../test/database.ts'
import { afterCommit, type Database, inTransaction, type Transaction } from './transactions.ts'

const { db, pool, close } = await testDatabase()
after(close)
await pool.query('create table numbers (name text primary key, value integer not null)')

const write = (by: Database | Transaction, name: string, value: number) =>
  sql`insert into numbers values (${name}, ${value})
    on conflict (name) do update set value = excluded.value`.execute(by)
const add = (by: Transaction, name: string) =>
  sql`update numbers set value = value + 1 where name = ${name}`.execute(by)

async function numbers(): Promise<Record<string, number>> {
  const { rows } = await pool.query('select name, value from numbers order by name')
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

/** What PostgreSQL says of a transaction that it ended so that another could go on. */
const victim = () => Object.assign(new Error('deadlock detected'), { code: '40P01' })

/** Lets two go on once both are there, and never holds anybody up again. */
function meetingOfTwo(): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let waiting = 0
  return () => {
    if (++waiting === 2) resolve()
    return promise
  }
}

beforeEach(async () => {
  await pool.query('delete from numbers')
})

describe('a transaction', () => {
  it('keeps everything, or nothing', async () => {
    await inTransaction(db, async (trx) => {
      await write(trx, 'a', 1)
      await write(trx, 'b', 2)
    })
    const failing = inTransaction(db, async (trx) => {
      await write(trx, 'a', 7)
      await write(trx, 'c', 3)
      throw new Error('no')
    })
    await assert.rejects(failing, /^Error: no$/)
    assert.deepEqual(await numbers(), { a: 1, b: 2 })
  })

  it('joins the one that is open: what fails outside undoes what was done inside', async () => {
    const failing = inTransaction(db, async (trx) => {
      const inner = await inTransaction(trx, async (same) => {
        assert.equal(same, trx)
        await write(same, 'inner', 1)
        return 'done'
      })
      assert.equal(inner, 'done')
      throw new Error('no')
    })
    await assert.rejects(failing, /no/)
    assert.deepEqual(await numbers(), {})
  })

  it('refuses a query that goes past it, at once, instead of waiting for itself', async () => {
    const ways = [
      () => write(db, 'past', 1),
      () => inTransaction(db, (other) => write(other, 'past', 1)),
      () => Promise.all([write(db, 'past', 1), write(db, 'past', 2)]),
    ]
    for (const way of ways) {
      const failing = inTransaction(db, async (trx) => {
        await write(trx, 'a', 1)
        await way()
      })
      await assert.rejects(failing, /past the open transaction/)
    }
    assert.deepEqual(await numbers(), {})
  })

  it('leaves the database open to everybody once it is over', async () => {
    await inTransaction(db, (trx) => write(trx, 'a', 1))
    await write(db, 'b', 2)
    await assert.rejects(inTransaction(db, () => Promise.reject(new Error('no'))))
    await write(db, 'c', 3)
    assert.deepEqual(await numbers(), { a: 1, b: 2, c: 3 })
  })

  it('does not stand in the way of what others ask meanwhile', async () => {
    const meet = meetingOfTwo()
    const inside = inTransaction(db, async (trx) => {
      await write(trx, 'inside', 1)
      await meet()
    })
    const beside = (async () => {
      await meet()
      await write(db, 'beside', 1)
    })()
    await Promise.all([inside, beside])
    assert.deepEqual(await numbers(), { beside: 1, inside: 1 })
  })
})

describe('what is to happen after a commit', () => {
  it('happens after it, in order, and from the outermost alone', async () => {
    const happened: string[] = []
    await inTransaction(db, async (trx) => {
      afterCommit(() => happened.push('first'))
      await inTransaction(trx, async () => afterCommit(() => happened.push('second')))
      await write(trx, 'a', 1)
      assert.deepEqual(happened, [])
    })
    assert.deepEqual(happened, ['first', 'second'])
  })

  it('does not happen after a rollback', async () => {
    const happened: string[] = []
    const failing = inTransaction(db, async () => {
      afterCommit(() => happened.push('no'))
      throw new Error('no')
    })
    await assert.rejects(failing)
    await inTransaction(db, (trx) => write(trx, 'a', 1))
    assert.deepEqual(happened, [])
  })

  it('may ask the database, which has it all by then', async () => {
    let seen: Promise<unknown> | undefined
    await inTransaction(db, async (trx) => {
      afterCommit(() => (seen = numbers().then(async (found) => (await write(db, 'b', 2), found))))
      await write(trx, 'a', 1)
    })
    assert.deepEqual(await seen, { a: 1 })
    assert.deepEqual(await numbers(), { a: 1, b: 2 })
  })

  it('happens at once where no transaction is open', () => {
    const happened: string[] = []
    afterCommit(() => happened.push('now'))
    assert.deepEqual(happened, ['now'])
  })
})

describe('a transaction that the database ended in favour of another', () => {
  it('is tried again, from the beginning, and commits once', async () => {
    let attempts = 0
    const happened: number[] = []
    const result = await inTransaction(db, async (trx) => {
      const attempt = ++attempts
      await write(trx, `attempt ${attempt}`, 1)
      afterCommit(() => happened.push(attempt))
      if (attempt < 4) throw victim()
      return 'done'
    })
    assert.equal(result, 'done')
    assert.deepEqual(await numbers(), { 'attempt 4': 1 })
    assert.deepEqual(happened, [4])
  })

  it('is given up after the fourth attempt', async () => {
    let attempts = 0
    const failing = inTransaction(db, async () => {
      attempts++
      throw victim()
    })
    await assert.rejects(failing, { code: '40P01' })
    assert.equal(attempts, 4)
  })

  it('is tried again only as a whole: nothing inside is repeated by itself', async () => {
    const attempts = { outer: 0, inner: 0 }
    const failing = inTransaction(db, async (trx) => {
      attempts.outer++
      await inTransaction(trx, async () => {
        attempts.inner++
        throw victim()
      })
    })
    await assert.rejects(failing, { code: '40P01' })
    assert.deepEqual(attempts, { outer: 4, inner: 4 })
  })

  it('is not mistaken for one that failed', async () => {
    let attempts = 0
    const failing = inTransaction(db, async (trx) => {
      attempts++
      await sql`insert into numbers values ('a', 1), ('a', 2)`.execute(trx)
    })
    await assert.rejects(failing, { code: '23505' })
    assert.equal(attempts, 1)
  })
})

// The embedded database has one session: nobody can stand in another's way there.
if (databaseKind === 'postgresql') {
  describe('two transactions at once', () => {
    it('that lock in opposite order both get through', async () => {
      await write(db, 'a', 0)
      await write(db, 'b', 0)
      const meet = meetingOfTwo()
      let attempts = 0
      const lock = (first: string, second: string) =>
        inTransaction(db, async (trx) => {
          attempts++
          await add(trx, first)
          await meet()
          await add(trx, second)
        })
      await Promise.all([lock('a', 'b'), lock('b', 'a')])
      assert.deepEqual(await numbers(), { a: 2, b: 2 })
      assert.equal(attempts, 3)
    })

    it('that read and write the same count both', async () => {
      await write(db, 'a', 0)
      const meet = meetingOfTwo()
      let attempts = 0
      const count = () =>
        inTransaction(db, async (trx) => {
          attempts++
          await sql`set transaction isolation level repeatable read`.execute(trx)
          const { rows } = await sql<{ value: number }>`select value from numbers where name = 'a'`.execute(
            trx,
          )
          await meet()
          await write(trx, 'a', rows[0]!.value + 1)
        })
      await Promise.all([count(), count()])
      assert.deepEqual(await numbers(), { a: 2 })
      assert.equal(attempts, 3)
    })
  })
}
