import { fdatasyncSync, fstatSync } from 'node:fs'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import type { Settled } from './settle.ts'

type Parameters = globalThis.Parameters<NodeFS['init']>
type Result = ReturnType<NodeFS['init']>

/** What PGlite's Emscripten module has and its types do not say. */
interface NodeFiles {
  stream_ops: { fsync?: (stream: { nfd: number }) => number }
  tryFSOperation<T>(operation: () => T): T
}

/**
 * PGlite's file system with an fsync. Without it PostgreSQL believes that its log is on disk while it is in the memory of
 * the operating system, and a power cut takes what has been acknowledged.
 */
export class DurableFS extends NodeFS {
  /** How often something was put on disk. */
  syncs = 0
  #settled: Settled

  /** `settled`: what is known to be on disk before PostgreSQL opens. */
  constructor(folder: string, settled: Settled) {
    super(folder)
    this.#settled = settled
  }

  override async init(...[pg, options]: Parameters): Result {
    const { emscriptenOpts } = await super.init(pg, options)
    emscriptenOpts.preRun?.push((module) => {
      const files = module.NODEFS as unknown as NodeFiles
      // `tryFSOperation` makes an errno of a failure, so that PostgreSQL can stop, as it must after a failed fsync.
      files.stream_ops.fsync = ({ nfd }) => files.tryFSOperation(() => this.#sync(nfd))
    })
    return { emscriptenOpts }
  }

  /** From now on every fsync is one. */
  opened(): void {
    this.#settled = new Map()
  }

  #sync(file: number): number {
    if (this.#isSettled(file)) return 0
    fdatasyncSync(file)
    this.syncs++
    return 0
  }

  /**
   * After a crash PostgreSQL puts each of its thousand files on disk, twice and one after the other, which takes
   * seconds. What has not changed since it was settled is there already.
   */
  #isSettled(file: number): boolean {
    if (this.#settled.size === 0) return isFolderOnWindows(file)
    const { ino, ctimeNs } = fstatSync(file, { bigint: true })
    return this.#settled.get(ino) === ctimeNs || isFolderOnWindows(file)
  }
}

/** Windows keeps the names in a folder in its journal and refuses to be asked. */
function isFolderOnWindows(file: number): boolean {
  return process.platform === 'win32' && fstatSync(file).isDirectory()
}
