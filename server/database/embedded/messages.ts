import type { Durability } from './durability.ts'
import type { Seed } from './seed.ts'

/** Memory of its own: it is given away to the other thread, not copied. */
export type Bytes = Uint8Array<ArrayBuffer>

/** What the two threads say to each other. Bytes are messages of PostgreSQL's own protocol. */
export type ToWorker =
  | { kind: 'bytes'; connection: number; bytes: Bytes }
  | { kind: 'close'; connection: number }
  | { kind: 'chore'; number: number; chore: Chore }
  | { kind: 'shutdown' }

export type FromWorker =
  /** Without `durability` in memory, and where none was asked for. */
  | { kind: 'ready'; durability?: Durability }
  | { kind: 'bytes'; connection: number; bytes: Bytes }
  | { kind: 'chore done'; number: number; bytes?: Bytes }
  | { kind: 'chore failed'; number: number; reason: string }
  /** The worker's last word: why it cannot start, or cannot go on. */
  | { kind: 'ended'; reason: string }

export type Chore = 'checkpoint' | 'vacuum' | 'dump'

export interface WorkerOptions {
  /** PostgreSQL's own folder, or null for a database in memory. */
  folder: string | null
  /** Only in memory: the files to begin with. */
  seed?: Seed
  /** False: no fsync. In memory it means nothing. */
  durable: boolean
  /** One 64-bit integer: when the running query began, in nanoseconds of the process' monotonic clock; 0 between queries. */
  began: SharedArrayBuffer
}

export interface Log {
  info(facts: object, message?: string): void
  warn(facts: object, message?: string): void
  error(facts: object, message?: string): void
}
