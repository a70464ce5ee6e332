import type { Bytes } from './messages.ts'

const ENOUGH = 64 * 1024

/** Gathers small pieces before they are handed on: a message to the other thread costs more than a copy. */
export function gather(handOn: (bytes: Bytes) => void): { add(piece: Uint8Array): void; flush(): void } {
  let pieces: Bytes[] = []
  let size = 0

  function flush(): void {
    if (size > 0) handOn(joined(pieces, size))
    pieces = []
    size = 0
  }

  return {
    /** The piece is copied: PGlite hands out a view of memory that it goes on using. */
    add(piece) {
      pieces.push(new Uint8Array(piece))
      size += piece.length
      if (size >= ENOUGH) flush()
    },
    flush,
  }
}

/** Not Buffer.concat: small buffers share their memory, which then could not be given away to the other thread. */
function joined(pieces: Bytes[], size: number): Bytes {
  if (pieces.length === 1) return pieces[0]!
  const all = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
