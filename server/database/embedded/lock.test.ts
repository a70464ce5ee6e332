import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FolderInUse, openEmbedded } from './open.ts'
import { open, seed, silent, someFolder } from './testing/places.ts'
import { startWriter } from './testing/programs.ts'

test('refuses a folder that another program uses, says which, and harms nothing', async (t) => {
  const folder = await someFolder(t)
  const other = startWriter(t, folder)
  await other.hasWritten(5)

  await assert.rejects(openEmbedded({ folder, seed, log: silent }), (error: Error) => {
    assert.ok(error instanceof FolderInUse)
    assert.equal(
      error.message,
      `The data folder ${folder} is in use by another Punctual (process ${other.pid}). ` +
        'Stop it first, or give DATA_DIR another folder.',
    )
    return true
  })

  await other.hasWritten(other.acknowledged.length + 5)
  await other.kill()
  const { pool } = await open(t, { folder })
  const { rows } = await pool.query('select id from kept order by id')
  assert.deepEqual(
    rows.slice(0, other.acknowledged.length).map(({ id }) => id),
    other.acknowledged,
  )
})

test('refuses a folder that this program has open already', async (t) => {
  const folder = await someFolder(t)
  const { pool } = await open(t, { folder })
  await assert.rejects(openEmbedded({ folder, seed, log: silent }), FolderInUse)
  assert.deepEqual((await pool.query('select 1 as one')).rows, [{ one: 1 }])
})

test('gives the folder back when it closes', async (t) => {
  const folder = await someFolder(t)
  const first = await open(t, { folder })
  await first.close()
  await assert.doesNotReject(open(t, { folder }))
})
