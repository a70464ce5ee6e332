import assert from 'node:assert/strict'
import { test } from 'node:test'
import { week } from './hours.ts'
import { crowd } from './people.ts'
import { randomFrom } from './random.ts'

const phones = { prefix: '+44207946', digits: 4 }

test('makes the same choices for the same seed, and others for another', () => {
  assert.equal(choices('school'), choices('school'))
  assert.notEqual(choices('school'), choices('office'))
})

test('picks from all of a list, and keeps within both ends of a range', () => {
  const random = randomFrom('dice')
  const thrown = Array.from({ length: 500 }, () => random.integer(1, 6))
  assert.deepEqual(
    [...new Set(thrown)].toSorted((one, other) => one - other),
    [1, 2, 3, 4, 5, 6],
  )
})

test('lets nobody step forward twice, and gives everybody a phone and an address of their own', () => {
  const next = crowd(randomFrom('crowd'), phones)
  const met = Array.from({ length: 600 }, next)
  for (const what of ['name', 'phone', 'email'] as const) {
    assert.equal(new Set(met.map((stranger) => stranger[what])).size, 600, what)
  }
})

test('writes every phone in the range for fiction and every address in plain letters', () => {
  const next = crowd(randomFrom('form'), phones)
  for (let count = 0; count < 300; count++) {
    const { phone, email } = next()
    assert.match(phone, /^\+44207946\d{4}$/)
    assert.match(email, /^[a-z]+\.[a-z]+@mail\.example$/)
  }
})

test('reads a week as people write it', () => {
  assert.deepEqual(week('Mon-Tue 09:00-12:00 13:00-15:00', 'Thu,Sat 10:00-11:00'), [
    { weekday: 1, opens: '09:00', closes: '12:00' },
    { weekday: 1, opens: '13:00', closes: '15:00' },
    { weekday: 2, opens: '09:00', closes: '12:00' },
    { weekday: 2, opens: '13:00', closes: '15:00' },
    { weekday: 4, opens: '10:00', closes: '11:00' },
    { weekday: 6, opens: '10:00', closes: '11:00' },
  ])
})

function choices(seed: string): string {
  return randomFrom(seed)
    .shuffled([...'abcdefghijklmnop'])
    .join('')
}
