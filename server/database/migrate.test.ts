import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { type TestContext, describe, it } from 'node:test'
import { databaseKind, emptyDatabase, quiet, type TestDatabase } from '../../test/database.ts'
import { connect } from './connect.ts'
import { DatabaseIsNewer, migrate, type Migration, MigrationChanged, readMigrations } from './migrate.ts'

const written = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
})
const first = written('0001_first.sql', 'create table first (id integer primary key);')
const second = written(
  '0002_second.sql',
  'create table second (id integer primary key); insert into second values (2);',
)
const third = 'create table third (id integer);'
const broken = written('0003_broken.sql', `${third} insert into second values (2);`)
// The last step, which marks it as applied, is the one that fails.
const unmarked = written(
  '0003_broken.sql',
  `${third} insert into migrations values ('0003_broken.sql', 'x');`,
)

async function newDatabase(t: TestContext): Promise<TestDatabase> {
  const database = await emptyDatabase()
  t.after(() => database.close())
  return database
}

async function tablesOf({ pool }: TestDatabase): Promise<string[]> {
  const { rows } = await pool.query(
    `select tablename from pg_tables where schemaname = 'public' order by tablename`,
  )
  return rows.map(({ tablename }) => tablename)
}

async function appliedTo({ pool }: TestDatabase): Promise<string[]> {
  const { rows } = await pool.query('select name from migrations order by name')
  return rows.map(({ name }) => name)
}

describe('migrations', () => {
  it('make all that is needed out of an empty database, and nothing the second time', async (t) => {
    const database = await newDatabase(t)
    const names = (await readdir(new URL('../../migrations/', import.meta.url))).toSorted()
    assert.deepEqual(await migrate(database.pool), names)
    assert.deepEqual(await appliedTo(database), names)
    const tables = await tablesOf(database)
    for (const table of ['organizations', 'people', 'reservations', 'events'])
      assert.ok(tables.includes(table))
    assert.deepEqual(await migrate(database.pool), [])
    assert.deepEqual(await tablesOf(database), tables)
  })

  it('bring an older database up to date, in order', async (t) => {
    const database = await newDatabase(t)
    assert.deepEqual(await migrate(database.pool, [first]), [first.name])
    await database.pool.query('insert into first values (1)')
    assert.deepEqual(await migrate(database.pool, [first, second]), [second.name])
    const { rows } = await database.pool.query(
      'select id from first union all select id from second order by id',
    )
    assert.deepEqual(rows, [{ id: 1 }, { id: 2 }])
  })

  it('leave nothing of one that failed half-way, and go on with it once it is mended', async (t) => {
    const database = await newDatabase(t)
    for (const last of [broken, unmarked]) {
      await assert.rejects(migrate(database.pool, [first, second, last]), { code: '23505' })
      assert.deepEqual(await tablesOf(database), ['first', 'migrations', 'second'])
      assert.deepEqual(await appliedTo(database), [first.name, second.name])
    }
    const mended = written(broken.name, third)
    assert.deepEqual(await migrate(database.pool, [first, second, mended]), [mended.name])
  })

  it('are refused when one that has landed reads differently now, and say which', async (t) => {
    const database = await newDatabase(t)
    await migrate(database.pool, [first])
    const changed = written(first.name, `${first.sql} -- better`)
    await assert.rejects(migrate(database.pool, [changed, second]), (error) => {
      assert.ok(error instanceof MigrationChanged)
      assert.match(error.message, /0001_first\.sql/)
      return true
    })
    assert.deepEqual(await tablesOf(database), ['first', 'migrations'])
  })

  it('leave the database of a newer program alone', async (t) => {
    const database = await newDatabase(t)
    await migrate(database.pool, [first, second])
    const missing = written('0003_missing.sql', 'create table third (id integer);')
    await assert.rejects(migrate(database.pool, [first, missing]), (error) => {
      assert.ok(error instanceof DatabaseIsNewer)
      assert.match(error.message, /0002_second\.sql/)
      return true
    })
    assert.deepEqual(await tablesOf(database), ['first', 'migrations', 'second'])
  })

  it('are final: the numbers have no gaps and nobody has one twice', async () => {
    const numbers = (await readMigrations()).map(({ name }) => Number(name.slice(0, 4)))
    assert.deepEqual(
      numbers,
      numbers.map((_, at) => at + 1),
    )
  })
})

// One embedded database belongs to one program (server/database/embedded/lock.test.ts).
if (databaseKind === 'postgresql') {
  describe('several programs that start at once', () => {
    it('migrate one database once, and all find it ready', async (t) => {
      const database = await newDatabase(t)
      const programs = await Promise.all(
        Array.from({ length: 4 }, () => connect({ database_url: database.url, log: quiet })),
      )
      const applied = await Promise.all(programs.map(({ pool }) => migrate(pool)))
      await Promise.all(programs.map((program) => program.close()))
      assert.deepEqual(
        applied.flat().toSorted(),
        (await readMigrations()).map(({ name }) => name),
      )
      assert.equal(applied.filter((names) => names.length > 0).length, 1)
    })

    it('may take as long as it takes, which no request may', async (t) => {
      const database = await newDatabase(t)
      const limit = "select current_setting('statement_timeout') as limit"
      await migrate(database.pool, [written('0001_long.sql', `create table seen as ${limit};`)])
      const { rows } = await database.pool.query('select "limit" from seen')
      assert.deepEqual(rows, [{ limit: '0' }])
      const after = await database.pool.query(limit)
      assert.deepEqual(after.rows, [{ limit: '1min' }])
    })
  })
}
