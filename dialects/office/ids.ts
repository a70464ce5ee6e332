import { createHash } from 'node:crypto'

/** An id for what is kept without one and known by its parts: the same parts always have the same. */
export function lastingId(...parts: string[]): string {
  const digits = createHash('sha256').update(parts.join(' ')).digest('hex')
  return digits.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-8$3-8$4-$5')
}
