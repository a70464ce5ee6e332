import assert from 'node:assert/strict'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { checkDurable } from './durability.ts'
import { NotDurable } from './open.ts'
import { open, someFolder } from './testing/places.ts'
import { startWriter } from './testing/programs.ts'

const hardened = { fsync: 'on', wal_sync_method: 'fsync', syncs: 3 }

test('starts when commits are put on disk', () => {
  assert.doesNotThrow(() => checkDurable(hardened))
})

for (const [what, seen] of Object.entries({
  'fsync is off': { ...hardened, fsync: 'off' },
  'the method is one that PGlite ignores': { ...hardened, wal_sync_method: 'fdatasync' },
  'nothing was put on disk': { ...hardened, syncs: 0 },
  'nobody looked': undefined,
})) {
  test(`refuses to start when ${what}`, () => {
    assert.throws(() => checkDurable(seen), NotDurable)
  })
}

const simulated = { skip: process.platform !== 'linux' && 'needs /proc' }

test('has every row it acknowledged after a power cut', simulated, async (t) => {
  const { acknowledged, after } = await cutPower(t, { careless: false })
  const { pool } = await open(t, { folder: after })
  const { rows } = await pool.query('select id from kept')
  const kept = new Set(rows.map(({ id }) => id))
  assert.deepEqual(
    acknowledged.filter((id) => !kept.has(id)),
    [],
  )
})

test('would be seen to lose rows in this power cut if it did not put them on disk', simulated, async (t) => {
  const { after } = await cutPower(t, { careless: true })
  const { pool } = await open(t, { folder: after })
  await assert.rejects(pool.query('select id from kept'), { code: '42P01' })
})

/** Lets a program write and cuts the power; `after` is the folder as the disk has it. */
async function cutPower(t: TestContext, { careless }: { careless: boolean }) {
  const [folder, after] = [await someFolder(t), await someFolder(t)]
  await (await open(t, { folder })).close()
  await cp(join(folder, 'data'), join(after, 'data'), { recursive: true })
  const writer = startWriter(t, folder, {
    careless,
    preload: './power-cut.ts',
    env: { DISK: join(folder, 'data'), SHADOW: join(after, 'data') },
  })
  await writer.hasWritten(150)
  await writer.kill()
  return { acknowledged: writer.acknowledged, after }
}
