import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { open, someFolder } from './testing/places.ts'
import { startWriter, until } from './testing/programs.ts'

const rounds = Number(process.env.KILL_ROUNDS ?? 3)

test('has every row it acknowledged after each kill -9, and opens again at once', async (t) => {
  const folder = await someFolder(t)
  const acknowledged: number[] = []
  for (let round = 1; round <= rounds; round++) {
    const writer = startWriter(t, folder)
    const enough = 1 + Math.floor(Math.random() * 150)
    await writer.hasWritten(enough)
    await writer.kill()
    acknowledged.push(...writer.acknowledged)
  }

  const { pool } = await open(t, { folder })
  const { rows } = await pool.query('select id from kept')
  const kept = new Set(rows.map(({ id }) => id))
  assert.deepEqual(
    acknowledged.filter((id) => !kept.has(id)),
    [],
  )
  const one_more = rounds // What was under way when it was killed may be there or not.
  assert.ok(kept.size <= acknowledged.length + one_more)
})

for (const files of [1, 300, 900]) {
  test(`starts anew when the very first start was killed after ${files} files`, async (t) => {
    const folder = await someFolder(t)
    const unfinished = join(folder, 'data.unfinished')
    const writer = startWriter(t, folder)
    await until(() => existsSync(unfinished) && readdirSync(unfinished, { recursive: true }).length >= files)
    await writer.kill()

    const { pool } = await open(t, { folder })
    await pool.query('create table if not exists kept (id int)')
    assert.deepEqual((await pool.query('select * from kept')).rows, [])
    assert.equal(existsSync(unfinished), false)
  })
}
