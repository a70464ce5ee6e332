import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { OtherVersion, openEmbedded } from './open.ts'
import { open, seed, silent, someFolder } from './testing/places.ts'
import { ours } from './version.ts'

test('creates a database where there is none, without a seed', async (t) => {
  const { pool } = await open(t, { folder: await someFolder(t), seed: undefined })
  assert.deepEqual((await pool.query('select 1 as one')).rows, [{ one: 1 }])
})

test('begins with a dump, on disk and in memory', async (t) => {
  const first = await open(t, { folder: await someFolder(t), durable: false })
  await first.pool.query(`create table notes (text text); insert into notes values ('kept')`)
  const dump = await first.dump()
  const file = join(await someFolder(t), 'dump.tar.gz')
  await writeFile(file, dump)
  for (const options of [{ folder: await someFolder(t), durable: false, seed: file }, { seed: dump }]) {
    const { pool } = await open(t, options)
    assert.deepEqual((await pool.query('select * from notes')).rows, [{ text: 'kept' }])
  }
})

test('writes a dump that tar can read', async (t) => {
  const database = await open(t, { folder: await someFolder(t), durable: false })
  const names = execFileSync('tar', ['-tz'], { input: await database.dump(), encoding: 'utf8' }).split('\n')
  assert.ok(
    ['PG_VERSION', 'base/', 'global/pg_control', 'written-by.json'].every((name) => names.includes(name)),
  )
})

test('refuses a dump that is cut off, and creates nothing', async (t) => {
  const folder = await someFolder(t)
  await assert.rejects(openEmbedded({ folder, seed: seed.subarray(0, seed.length / 2), log: silent }))
  await assert.doesNotReject(open(t, { folder, durable: false }))
})

test('refuses a folder that another version wrote, naming both, and harms nothing', async (t) => {
  const folder = await someFolder(t)
  await (await open(t, { folder, durable: false })).close()
  const note = join(folder, 'data/written-by.json')
  const written = await readFile(note, 'utf8')
  await writeFile(note, '{"pglite":"0.3.7"}')
  await assert.rejects(openEmbedded({ folder, log: silent }), (error: Error) => {
    assert.ok(error instanceof OtherVersion)
    assert.match(error.message, /PGlite 0\.3\.7 \(PostgreSQL 18\)/)
    assert.match(error.message, new RegExp(`PGlite ${ours.pglite}`))
    return true
  })
  await writeFile(note, written)
  await assert.doesNotReject(open(t, { folder, durable: false }))
})

test('says what PostgreSQL says when it cannot open the files, and gives the folder back', async (t) => {
  const folder = await someFolder(t)
  await (await open(t, { folder, durable: false })).close()
  await rm(join(folder, 'data/global/pg_control'))
  for (let twice = 0; twice < 2; twice++) {
    await assert.rejects(openEmbedded({ folder, log: silent }), { code: '57P03', message: /pg_control/ })
  }
})
