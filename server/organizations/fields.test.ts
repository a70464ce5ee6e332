import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Field, FieldKind } from '../../presets/preset.ts'
import { InvalidInput } from '../refusal.ts'
import { changedDetails, checkDetails } from './fields.ts'

function problems(fields: Field[], details: Record<string, unknown>): Record<string, string> {
  try {
    checkDetails(fields, details, true)
    return {}
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    return Object.fromEntries(error.fields.map(({ field, message }) => [field, message]))
  }
}

const field = (kind: FieldKind, more: Partial<Field> = {}): Field => ({
  name: 'it',
  label: 'It',
  kind,
  ...more,
})
const accepts = (of: Field, value: unknown) => Object.keys(problems([of], { it: value })).length === 0

describe("the trade's own fields", () => {
  it('take values of their kind and no others', () => {
    const options = ['red', 'green']
    const cases: [Field, good: unknown[], bad: unknown[]][] = [
      [
        field('text'),
        ['', 'a', 'ü👩🏽‍🔬', 'x'.repeat(500)],
        ['x'.repeat(501), 7, null, ['a'], 'a\u0000', '\ud800'],
      ],
      [field('long_text'), ['', 'a\nb', 'x'.repeat(5000)], ['x'.repeat(5001), true, 'a\u0000', 'a\udc00']],
      [field('number'), [0, -1.5, 1e9], ['7', null, [7], {}]],
      [field('boolean'), [true, false], ['true', 1, null]],
      [
        field('date'),
        ['2027-03-01', '2028-02-29'],
        ['2027-02-29', '01.03.2027', '2027-03-01T09:00:00Z', 20270301],
      ],
      [field('choice', { options }), ['red'], ['blue', 'RED', '', ['red'], null, 0]],
      [
        field('choices', { options }),
        [[], ['red'], ['green', 'red']],
        ['red', ['blue'], ['red', 'red'], [null]],
      ],
    ]
    for (const [of, good, bad] of cases) {
      for (const value of good) assert.ok(accepts(of, value), `${of.kind} takes ${JSON.stringify(value)}`)
      for (const value of bad)
        assert.ok(!accepts(of, value), `${of.kind} does not take ${JSON.stringify(value)}`)
    }
  })

  it('may be left out, unless they are required; then they may not be empty either', () => {
    const wanted = field('text', { required: true })
    assert.deepEqual(problems([field('text')], {}), {})
    assert.deepEqual(problems([wanted], {}), { 'details.it': 'is missing' })
    assert.ok(!accepts(wanted, ''))
    assert.ok(accepts(wanted, 'a'))
  })

  it('are taken away by null, unless they are required', () => {
    const fields: Field[] = [
      { name: 'subject', label: 'Subject', kind: 'text', required: true },
      { name: 'branch', label: 'Branch', kind: 'text' },
    ]
    const before = { subject: 'Maths', branch: 'North' }
    assert.deepEqual(changedDetails(fields, before, { branch: null }, true), { subject: 'Maths' })
    assert.throws(() => changedDetails(fields, before, { subject: null }, true), /details.subject is missing/)
  })

  it('are all there are: another is refused by its name', () => {
    assert.deepEqual(problems([], {}), {})
    assert.deepEqual(problems([field('text')], { it: 'a', other: 'b' }), {
      'details.other': 'is not a field of this organization',
    })
  })

  it('tell every fault at once, each under its field', () => {
    const fields: Field[] = [
      { name: 'species', label: 'Species', kind: 'text', required: true },
      { name: 'priority', label: 'Priority', kind: 'choice', options: ['low', 'high'] },
      { name: 'age', label: 'Age', kind: 'number' },
    ]
    assert.deepEqual(problems(fields, { priority: 'middle', age: 'old', colour: 'red' }), {
      'details.species': 'is missing',
      'details.priority': 'must be one of low, high',
      'details.age': 'must be number',
      'details.colour': 'is not a field of this organization',
    })
  })

  it('of one organization do not stand in for those of another', () => {
    assert.ok(accepts(field('number'), 7))
    assert.ok(!accepts(field('text'), 7))
    assert.ok(accepts(field('number'), 7))
  })
})
