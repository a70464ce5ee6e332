import { sql } from 'kysely'
import { isId } from '../ids.ts'
import { InvalidInput } from '../refusal.ts'
import { isInstant } from './formats.ts'

/** Where a page ended: the values by which the list is ordered, the id last. */
export type Position = string[]

export interface PageQuery {
  limit?: number
  cursor?: string
  /** Rows to pass over: for dialects whose pages are counted. Our own lists go on from a cursor. */
  skip?: number
  /** Whether to say of how many rows all pages are. */
  counted?: boolean
}

/** How many rows to read for a page: one more than it holds, to know whether another follows. */
export function rowsToRead({ limit = 50 }: PageQuery): number {
  return limit + 1
}

const looksLike = {
  text: (text: string) => !text.includes('\0'),
  uuid: isId,
  instant: isInstant,
}

/** Reads a cursor of ours; undefined for the first page. Throws InvalidInput for one that is not of this list. */
export function positionOf({ cursor }: PageQuery, kinds: (keyof typeof looksLike)[]): Position | undefined {
  if (cursor === undefined) return undefined
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const isOurs = Array.isArray(position) && position.length === kinds.length
    if (
      isOurs &&
      kinds.every((kind, at) => typeof position[at] === 'string' && looksLike[kind](position[at]))
    ) {
      return position
    }
  } catch {
    // Refused below, like one that is whole but of another list.
  }
  throw new InvalidInput([{ field: 'cursor', message: 'must be the next_cursor of the page before' }])
}

/** In a select: of how many rows all pages are, for whoever counts pages. */
export const total = sql<number>`count(*) over ()::integer`

/** Makes the page of the rows that were read, and the cursor of the next; with the total where rows bring one. */
export function toPage<Row, Item>(
  rows: Row[],
  { limit = 50 }: PageQuery,
  view: (row: Row) => Item,
  position: (row: Row) => Position,
): { items: Item[]; next_cursor: string | null; total?: number } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const next_cursor =
    rows.length > limit && last ? Buffer.from(JSON.stringify(position(last))).toString('base64url') : null
  const { total } = (last ?? {}) as { total?: number }
  return { items: shown.map(view), next_cursor, ...(total !== undefined && { total }) }
}
