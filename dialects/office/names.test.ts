import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { nameOf, partsOf } from './names.ts'

describe('a name in two parts', () => {
  it('is kept as one, with the end by which people are filed', () => {
    assert.deepEqual(nameOf({ first: 'Anna Maria', last: 'van der Berg' }), {
      name: 'Anna Maria van der Berg',
      family_name: 'van der Berg',
    })
  })

  it('comes back in the same two parts, however many words they have', () => {
    for (const parts of [
      { first: 'Ada', last: 'Lovelace' },
      { first: 'Anna Maria', last: 'van der Berg' },
      { first: 'Juan', last: 'Juan Juan' },
      { first: 'O', last: "O'Neill-Smith" },
      { first: 'Ayşe Gül', last: 'Yılmaz' },
      { first: '京子', last: '山田' },
    ]) {
      assert.deepEqual(partsOf(nameOf(parts)), parts)
    }
  })

  it('comes back whatever it is made of, as long as neither part is blank', () => {
    const part = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() !== '')
    fc.assert(
      fc.property(part, part, (first, last) => {
        assert.deepEqual(partsOf(nameOf({ first, last })), { first: first.trim(), last: last.trim() })
      }),
    )
  })

  it('loses the blanks around its parts', () => {
    const { name, family_name } = nameOf({ first: ' Ada ', last: '  Lovelace ' })
    assert.deepEqual([name, family_name], ['Ada Lovelace', 'Lovelace'])
  })
})

describe('a name that nobody has divided', () => {
  const undivided = (name: string) => partsOf({ name, family_name: null })

  it('ends with the family’s, which is its last word', () => {
    assert.deepEqual(undivided('Ada Lovelace'), { first: 'Ada', last: 'Lovelace' })
    assert.deepEqual(undivided('Anna Maria Berg'), { first: 'Anna Maria', last: 'Berg' })
  })

  it('of one word is a first name', () => {
    assert.deepEqual(undivided('Plato'), { first: 'Plato', last: '' })
  })

  it('is also one whose end is another than was said, as it was changed elsewhere', () => {
    const changed = { name: 'Ada King', family_name: 'Lovelace' }
    assert.deepEqual(partsOf(changed), { first: 'Ada', last: 'King' })
    const within = { name: 'Ada Lovelace', family_name: 'lace' }
    assert.deepEqual(partsOf(within), { first: 'Ada', last: 'Lovelace' })
  })
})
