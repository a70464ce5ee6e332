import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import {
  createDatabase,
  dropDatabase,
  howToInstall,
  postgresBinaries,
  sharedPostgres,
  startPostgres,
} from './postgres.ts'

suite('a PostgreSQL for tests', { skip: postgresBinaries() ? false : howToInstall }, () => {
  test('gives databases that do not see each other', async () => {
    const server = await sharedPostgres()
    const [mine, yours] = await Promise.all([createDatabase(server), createDatabase(server)])
    await query(mine, 'create table things ()')
    assert.deepEqual(await tables(mine), ['things'])
    assert.deepEqual(await tables(yours), [])
  })

  test('gives a copy of a database that is prepared already', async () => {
    const server = await sharedPostgres()
    const prepared = await createDatabase(server)
    await query(prepared, 'create table things ()')
    assert.deepEqual(await tables(await createDatabase(server, prepared)), ['things'])
  })

  test('removes a database that somebody is still connected to', async () => {
    const server = await sharedPostgres()
    const url = await createDatabase(server)
    const client = new Client({ connectionString: url })
    await client.connect()
    client.on('error', () => {})
    const gone = new Promise<void>((resolve) => client.once('end', resolve))
    await dropDatabase(url)
    await gone
    await assert.rejects(tables(url), { code: '3D000' })
  })

  test('compares and sorts text as the embedded database does, in UTC', async () => {
    const url = await sharedPostgres()
    const [row] = await query(
      url,
      `select lower('É') as low, 'Z' < 'a' as bytes, current_setting('timezone') as zone`,
    )
    assert.deepEqual(row, { low: 'é', bytes: true, zone: 'UTC' })
  })

  for (const signal of ['SIGKILL', 'SIGQUIT'] as const) {
    test(`keeps what was committed when it ends by ${signal} and starts again`, async () => {
      const postgres = await startPostgres()
      try {
        const url = await postgres.createDatabase()
        await query(url, 'create table things ()')
        const before = postgres.pid
        await postgres.stopHard(signal)
        // Who comes in the moment in which it dies is reset.
        await assert.rejects(tables(url), ({ code }: { code?: string }) =>
          ['ECONNREFUSED', 'ECONNRESET'].includes(code ?? ''),
        )
        await postgres.start()
        assert.notEqual(postgres.pid, before)
        assert.deepEqual(await tables(url), ['things'])
      } finally {
        await postgres.stop()
      }
    })
  }

  test('takes other settings when it starts again', async () => {
    const postgres = await startPostgres()
    try {
      assert.deepEqual(await query(postgres.url, 'show fsync'), [{ fsync: 'off' }])
      await postgres.restart({ fsync: true, settings: { work_mem: '8MB' } })
      assert.deepEqual(await query(postgres.url, 'show fsync'), [{ fsync: 'on' }])
      assert.deepEqual(await query(postgres.url, 'show work_mem'), [{ work_mem: '8MB' }])
    } finally {
      await postgres.stop()
    }
  })

  test('leaves nothing behind when it is stopped', async () => {
    const postgres = await startPostgres()
    const folder = await folderOf(postgres.url)
    await postgres.stop()
    assert.equal(existsSync(folder), false)
    await assert.rejects(tables(postgres.url), { code: 'ECONNREFUSED' })
  })

  test('leaves nothing behind when its process is killed', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', forgetful], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(child.stdout, 'data')
    const url = String(line).trim()
    const folder = await folderOf(url)
    child.kill('SIGKILL')
    while (existsSync(folder)) await sleep(50)
    // Who comes in the moment in which it dies is reset.
    await assert.rejects(tables(url), ({ code }: { code?: string }) =>
      ['ECONNREFUSED', 'ECONNRESET'].includes(code ?? ''),
    )
  })
})

test('PG_BIN is the only place where programs are looked for, when it is set', (t) => {
  const before = process.env.PG_BIN
  t.after(() => (before === undefined ? delete process.env.PG_BIN : (process.env.PG_BIN = before)))
  process.env.PG_BIN = '/nowhere'
  assert.equal(postgresBinaries(), null)
})

const forgetful = `
  import { startPostgres } from './postgres.ts'
  console.log((await startPostgres()).url)
  setInterval(() => {}, 1000)
`

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  try {
    await client.connect()
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function tables(url: string): Promise<unknown[]> {
  const rows = await query(url, `select tablename from pg_tables where schemaname = 'public'`)
  return rows.map((row) => (row as { tablename: string }).tablename)
}

async function folderOf(url: string): Promise<string> {
  const [row] = await query(url, 'show unix_socket_directories')
  return (row as { unix_socket_directories: string }).unix_socket_directories
}
