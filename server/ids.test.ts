import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { digitsOf, idOf, isId, newId } from './ids.ts'

describe('an id', () => {
  it('is greater than every one that was made before it, also in the same millisecond', () => {
    const ids = Array.from({ length: 20_000 }, newId)
    assert.deepEqual(ids, ids.toSorted())
    assert.equal(new Set(ids).size, ids.length)
  })

  it('is a UUID of version 7, whether drawn or counted on', () => {
    for (let time = 0; time < 1000; time++) {
      const id = newId()
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      assert.ok(isId(id))
    }
  })

  it('is known from what only looks a little like one', () => {
    const id = newId()
    for (const text of ['', '7', '-'.repeat(36), id.slice(1), `${id} `, `${id}'`, id.replaceAll('-', '')]) {
      assert.equal(isId(text), false, text)
    }
  })

  it('comes back from its digits', () => {
    const id = newId()
    assert.match(digitsOf(id), /^[0-9a-f]{32}$/)
    assert.equal(idOf(digitsOf(id)), id)
  })
})
