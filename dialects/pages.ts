import { Type } from 'typebox'

/** A page as systems count it: so many rows passed over, so many shown. */
export interface CountedPage {
  skip: number
  limit: number
}

export const pageQuery = (most: number, unless_said: number) => ({
  skip: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: most, default: unless_said }),
})

/** Reads a page with the number of all rows, which no row says where the page lies behind the last one. */
export async function countedPage<Item>(
  read: (page: CountedPage & { counted: true }) => Promise<{ items: Item[]; total?: number }>,
  { skip, limit }: CountedPage,
): Promise<{ items: Item[]; total: number }> {
  const { items, total = 0 } = await read({ skip, limit, counted: true })
  if (items.length > 0 || skip === 0) return { items, total }
  const first = await read({ skip: 0, limit: 1, counted: true })
  return { items, total: first.total ?? 0 }
}

/** All rows of a list that goes on from a cursor. */
export async function everyPage<Item>(
  read: (page: { limit: number; cursor?: string }) => Promise<{ items: Item[]; next_cursor: string | null }>,
): Promise<Item[]> {
  const all: Item[] = []
  let cursor: string | null = null
  do {
    const page: { items: Item[]; next_cursor: string | null } = await read({
      limit: 1000,
      ...(cursor && { cursor }),
    })
    all.push(...page.items)
    cursor = page.next_cursor
  } while (cursor)
  return all
}
