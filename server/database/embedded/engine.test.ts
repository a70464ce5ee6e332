import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DatabaseEnded, QueryTookTooLong } from './open.ts'
import { open, silent, someFolder } from './testing/places.ts'
import { until } from './testing/programs.ts'

const endless = 'with recursive r as (select 1 union all select 1 from r) select count(*) from r'
// Deeper than V8 lets WASM go: ends the worker as a fault in it would.
const fatal = `select repeat('[', 200000)::jsonb`
const hasty = { durable: false, statement_seconds: 0.5 }

test('ends a query that runs too long, undoes it, and goes on', async (t) => {
  const { pool } = await open(t, { folder: await someFolder(t), ...hasty })
  await pool.query('create table notes (id int); insert into notes values (1)')
  const client = await pool.connect()
  await client.query('begin')
  await client.query('insert into notes values (2)')
  await assert.rejects(client.query(endless), QueryTookTooLong)
  client.release(true)
  assert.deepEqual((await pool.query('select * from notes')).rows, [{ id: 1 }])
})

test('tells whoever waits when the worker dies, says so in the log, and starts it again', async (t) => {
  const errors: object[] = []
  const log = { ...silent, error: (facts: object) => errors.push(facts) }
  const { pool } = await open(t, { folder: await someFolder(t), durable: false, log })
  await pool.query('create table notes (id int); insert into notes values (1)')
  await assert.rejects(pool.query(fatal), DatabaseEnded)
  assert.equal(errors.length, 1)
  assert.deepEqual((await pool.query('select * from notes')).rows, [{ id: 1 }])
})

test('says of a database in memory that it is gone, rather than begin an empty one', async (t) => {
  const { pool } = await open(t, hasty)
  await assert.rejects(pool.query(endless), QueryTookTooLong)
  await assert.rejects(pool.query('select 1'), /What was in memory is gone/)
})

test('keeps its log small while much is written', async (t) => {
  const folder = await someFolder(t)
  const timers = { checkpoint_minutes: 0.001, vacuum_minutes: 0.01 }
  const { pool } = await open(t, { folder, durable: false, timers })
  await pool.query('create table notes (text text)')
  for (let i = 0; i < 10; i++) {
    await pool.query(
      `insert into notes select repeat(md5(i::text), 30) from generate_series(1, 15000) i; truncate notes`,
    )
  }
  const { rows } = await pool.query(`select (pg_current_wal_lsn() - '0/0')::int / 1000000 as written`)
  assert.ok(rows[0].written > 150)
  await until(() => megabytesOf(join(folder, 'data/pg_wal')) <= 80)
})

test('does its chores between transactions, never within one', async (t) => {
  const database = await open(t)
  const client = await database.pool.connect()
  await client.query('begin')
  let dumped = false
  const dump = database.dump().then(() => (dumped = true))
  await client.query('create table notes (id int)')
  await client.query('insert into notes values (1)')
  assert.equal(dumped, false)
  await client.query('commit')
  client.release()
  await dump
})

test('closes while a transaction is open, undoes it, and leaves nothing to recover', async (t) => {
  const folder = await someFolder(t)
  const first = await open(t, { folder, durable: false })
  await first.pool.query('create table notes (id int); insert into notes values (1)')
  const client = await first.pool.connect()
  await client.query('begin')
  await client.query('insert into notes values (2)')
  const closed = first.close()
  client.release()
  await Promise.all([closed, first.close()])
  assert.ok(!readdirSync(join(folder, 'data')).includes('postmaster.pid'))
  const { pool } = await open(t, { folder })
  assert.deepEqual((await pool.query('select * from notes')).rows, [{ id: 1 }])
})

function megabytesOf(folder: string): number {
  const sizes = readdirSync(folder).map(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
  )
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6
}
