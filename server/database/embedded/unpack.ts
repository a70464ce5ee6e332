import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const BLOCK = 512

export class CutOff extends Error {
  constructor() {
    super('The dump is cut off.')
  }
}

/**
 * Writes the files of a tar below a folder. Only the owner can read them: PostgreSQL insists on it.
 * Throws CutOff, and an Error for a path that leads out of the folder.
 */
export async function unpack(tar: AsyncIterable<Buffer>, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for await (const { name, content } of entriesOf(tar)) {
    const path = join(folder, name)
    await mkdir(content ? dirname(path) : path, { recursive: true, mode: 0o700 })
    if (content) await writeFile(path, content, { mode: 0o600 })
  }
}

interface Entry {
  name: string
  /** A folder has none. */
  content?: Buffer
}

/** POSIX ustar (IEEE 1003.1), without the long names that PostgreSQL's files never have. */
async function* entriesOf(tar: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const take = readerOf(tar)
  for (let header = await take(BLOCK); header[0] !== 0; header = await take(BLOCK)) {
    const name = textIn(header, 0, 100)
    const size = Number.parseInt(textIn(header, 124, 12), 8) || 0
    if (name.split('/').includes('..')) throw new Error(`The dump names a path that leads out of it: ${name}`)
    const blocks = await take(Math.ceil(size / BLOCK) * BLOCK)
    yield isFolder(header) ? { name } : { name, content: blocks.subarray(0, size) }
  }
}

function isFolder(header: Buffer): boolean {
  return header.toString('latin1', 156, 157) === '5'
}

function textIn(header: Buffer, at: number, length: number): string {
  return header
    .toString('latin1', at, at + length)
    .replace(/\0.*$/s, '')
    .trim()
}

/** Gives the next so many bytes of a stream. */
function readerOf(source: AsyncIterable<Buffer>): (size: number) => Promise<Buffer> {
  const chunks = source[Symbol.asyncIterator]()
  let rest = Buffer.alloc(0)
  return async (size) => {
    const parts: Buffer[] = [rest]
    for (let have = rest.length; have < size; have += parts.at(-1)!.length) {
      const next = await chunks.next()
      if (next.done) throw new CutOff()
      parts.push(next.value)
    }
    const all = parts.length === 1 ? rest : Buffer.concat(parts)
    rest = all.subarray(size)
    return all.subarray(0, size)
  }
}
