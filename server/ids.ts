import { randomInt, randomUUIDv7 } from 'node:crypto'

let last = ''

/**
 * A new id: a UUIDv7, so that rows made together lie together in an index and sort by their making. Node draws those of
 * one millisecond at random; here each is greater than the one before (RFC 9562 §6.2), as events are told by their ids.
 */
export function newId(): string {
  const drawn = randomUUIDv7()
  last = drawn > last ? drawn : successorOf(last)
  return last
}

function successorOf(id: string): string {
  const tail = (Number.parseInt(id.slice(-12), 16) + randomInt(1, 2 ** 24)) % 2 ** 48
  return id.slice(0, -12) + tail.toString(16).padStart(12, '0')
}

/** Whether a text that came from outside can be an id at all: the database refuses to compare others with ids. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}

/** An id without its hyphens, as it stands inside keys and tokens; and back. */
export function digitsOf(id: string): string {
  return id.replaceAll('-', '')
}

export function idOf(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
