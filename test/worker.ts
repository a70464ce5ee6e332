import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { takeTurns } from './app.ts'
import { openQueue } from './queue.ts'

/**
 * Runs one file of tests after the other until none is left. What it takes to begin (the program, its documentation, a
 * database) is paid once, not by each file; a file that needs a program of its own asks for one.
 */
const queue = openQueue(process.env.TEST_QUEUE!)
const turns = takeTurns()

for (let file = queue.take(); file; file = queue.take()) {
  const path = join(import.meta.dirname, '..', file)
  const environment = settings()
  const folder = process.cwd()
  const { promise: over, resolve: next } = Promise.withResolvers<void>()

  // The runner's limit is meant for one test, and a suite would take it for all of them together.
  describe(file, { timeout: 300_000 }, () => import(path))
  // Tests run in their order, so this one comes when all of the file's have ended, whatever became of them.
  test(`${file} leaves nothing behind`, () => {
    const hasGivenBack = turns.isFree
    queue.finish(file)
    turns.next()
    next()
    assert.ok(hasGivenBack, 'it has not stopped its app')
    assert.deepEqual(settings(), environment)
    assert.equal(process.cwd(), folder)
  })
  await over
}
await turns.end()

/** What the environment says, without what it says: that may be secret, and a failure shows it. */
function settings(): Record<string, string> {
  const hidden = Object.entries(process.env).map(([name, value]) => [name, hash('sha256', value ?? '')])
  // The library of pictures notes there where it lies.
  return Object.fromEntries(hidden.filter(([name]) => name !== 'VIPSHOME'))
}
