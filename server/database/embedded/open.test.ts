import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { DatabaseError, type Pool } from 'pg'
import { type EmbeddedDatabase, openEmbedded } from './open.ts'
import { seed, silent } from './testing/places.ts'
import { ours } from './version.ts'

const asText = { getTypeParser: () => (text: unknown) => text }

let database: EmbeddedDatabase
let pool: Pool

before(async () => {
  database = await openEmbedded({ folder: null, seed, log: silent })
  pool = database.pool
  await pool.query('create extension btree_gist')
})

after(() => database.close())

beforeEach(async () => {
  await pool.query(`
    drop table if exists notes, reservations;
    create table notes (id int primary key);
    create table reservations (
      party int not null, during tstzrange not null,
      constraint one_place_at_a_time exclude using gist (party with =, during with &&)
    );
    insert into reservations values (1, '[2026-03-02 09:00, 2026-03-02 10:00)')`)
})

test('names the promise that a second party would break, as a server does', async () => {
  const overlapping = pool.query(
    `insert into reservations values (1, '[2026-03-02 09:30, 2026-03-02 11:00)')`,
  )
  await assert.rejects(overlapping, (error: DatabaseError) => {
    assert.ok(error instanceof DatabaseError)
    assert.deepEqual(
      [error.code, error.constraint, error.table],
      ['23P01', 'one_place_at_a_time', 'reservations'],
    )
    return true
  })
})

test('lets a stretch begin where another ends', async () => {
  const next = await pool.query(`insert into reservations values (1, '[2026-03-02 10:00, 2026-03-02 11:00)')`)
  assert.equal(next.rowCount, 1)
})

test('gives back a day, a moment, a large number, a document, a list and bytes as they were given', async () => {
  const moment = '2026-03-29 01:30:00+00'
  const values = ['2026-03-29', moment, '9007199254740993', '{"species": "cat"}', '{1,NULL,3}', '\\x00ff']
  const text = 'select $1::date, $2::timestamptz, $3::int8, $4::jsonb, $5::int[], $6::bytea'
  const { rows } = await pool.query({ text, values, types: asText, rowMode: 'array' })
  assert.deepEqual(rows, [values])
})

test('reads types as the driver does on a server', async () => {
  const { rows } = await pool.query(
    `select '2026-03-29T01:30Z'::timestamptz as at, 5::int8 as many, '{"a":[1]}'::jsonb as doc`,
  )
  assert.deepEqual(rows, [{ at: new Date('2026-03-29T01:30Z'), many: '5', doc: { a: [1] } }])
})

test('goes on after a query that fails', async () => {
  await assert.rejects(pool.query('select * from nowhere'), { code: '42P01' })
  await assert.rejects(pool.query('select $1::int', ['many']), { code: '22P02' })
  assert.deepEqual((await pool.query('select 1 as one')).rows, [{ one: 1 }])
})

test('undoes a transaction in which a statement failed', async () => {
  const client = await pool.connect()
  await client.query('begin')
  await client.query('insert into notes values (1)')
  await assert.rejects(client.query('insert into notes values (1)'), { code: '23505' })
  await assert.rejects(client.query('insert into notes values (2)'), { code: '25P02' })
  await client.query('commit')
  client.release()
  assert.deepEqual(await notes(), [])
})

test('undoes the open transaction of a client that is dropped', async () => {
  const client = await pool.connect()
  await client.query('begin')
  await client.query('insert into notes values (1)')
  client.release(true)
  assert.deepEqual(await notes(), [])
})

test('lets the successor of a dropped client see nothing of its session', async () => {
  const first = await pool.connect()
  await first.query(`set time zone 'Asia/Tokyo'`)
  await first.query('create temporary table mine (id int)')
  await first.query({ name: 'mine', text: 'select 1' })
  await first.query('select pg_advisory_lock(1)')
  first.release(true)
  const { rows } = await pool.query(`
    select current_setting('TimeZone') as zone, to_regclass('mine') as mine,
      (select count(*)::int from pg_prepared_statements where name = 'mine') as statements,
      (select count(*)::int from pg_locks where locktype = 'advisory') as locks`)
  assert.deepEqual(rows, [{ zone: 'UTC', mine: null, statements: 0, locks: 0 }])
})

test('keeps what a dropped client still asks out of the transaction of its successor', async () => {
  const first = await pool.connect()
  await first.query('begin')
  // Still on its way when the client is dropped and the next one begins.
  const late = assert.rejects(first.query('insert into notes values (1)'))
  first.release(true)
  const second = await pool.connect()
  await second.query('begin')
  await second.query('insert into notes values (2)')
  await second.query('commit')
  second.release()
  await late
  assert.deepEqual(await notes(), [{ id: 2 }])
})

test('brings an answer of many pieces whole', async () => {
  const { rows } = await pool.query(
    `select i, repeat('é', i % 3000) as text from generate_series(1, 10000) i`,
  )
  assert.equal(rows.length, 10_000)
  assert.ok(rows.every(({ i, text }, at) => i === at + 1 && text === 'é'.repeat(i % 3000)))
})

test('answers each of a hundred who ask at once', async () => {
  const asked = Array.from({ length: 100 }, (_, i) => i)
  const answers = await Promise.all(asked.map((i) => pool.query('select $1::int as i', [i])))
  const answered = answers.map(({ rows }) => rows[0].i)
  assert.deepEqual(answered, asked)
})

test('leaves the program free to do other things while a query runs', async () => {
  let answered = false
  const query = pool.query('select pg_sleep(0.3)').then(() => (answered = true))
  await new Promise((resolve) => setTimeout(resolve, 1))
  assert.equal(answered, false)
  await query
})

test('answers a query that goes too deep with an error', async () => {
  await pool.query(
    'create function deeper(i int) returns int language plpgsql as $$ begin return deeper(i + 1); end $$',
  )
  await assert.rejects(pool.query('select deeper(1)'), { code: '54001' })
  assert.deepEqual(await notes(), [])
})

test('knows the major version of the PostgreSQL that it runs', async () => {
  const { rows } = await pool.query(`select current_setting('server_version') as version`)
  assert.equal(rows[0].version.split('.')[0], ours.postgresql)
})

async function notes() {
  return (await pool.query('select * from notes')).rows
}
