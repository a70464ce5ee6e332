import assert from 'node:assert/strict'
import { it } from 'node:test'
import * as fc from 'fast-check'
import { countBefore } from './search.ts'

it('counts what comes before something in a sorted list, as looking at all of it does', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(20), (numbers, limit) => {
      const sorted = numbers.toSorted((a, b) => a - b)
      const expected = numbers.filter((number) => number < limit).length
      assert.equal(
        countBefore(sorted, (number) => number < limit),
        expected,
      )
    }),
  )
})
