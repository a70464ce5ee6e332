import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

const BLOCK = 512

/**
 * The files below a folder as a tar (POSIX ustar), read one after the other: PGlite's own dump takes several times the
 * size of the database in memory. Nothing may write meanwhile.
 */
export async function* pack(folder: string): AsyncGenerator<Buffer> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).replaceAll(sep, '/')
    if (entry.isDirectory()) yield headerOf({ name: `${name}/`, size: 0, kind: '5' })
    else yield* file(path, name)
  }
  yield Buffer.alloc(2 * BLOCK)
}

async function* file(path: string, name: string): AsyncGenerator<Buffer> {
  const { size } = await stat(path)
  yield headerOf({ name, size, kind: '0' })
  yield* createReadStream(path)
  yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
}

function headerOf({ name, size, kind }: { name: string; size: number; kind: '0' | '5' }): Buffer {
  const header = Buffer.alloc(BLOCK)
  header.write(name, 0, 100)
  header.write(kind === '5' ? '0000700' : '0000600', 100)
  header.write('0000000', 108)
  header.write('0000000', 116)
  header.write(octal(size, 11), 124)
  header.write(octal(0, 11), 136)
  header.write(' '.repeat(8), 148)
  header.write(kind, 156)
  header.write('ustar\u000000', 257)
  // Taken over the header with spaces in its own place.
  const checksum = header.reduce((sum, byte) => sum + byte, 0)
  header.write(`${octal(checksum, 6)}\0`, 148)
  return header
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}
