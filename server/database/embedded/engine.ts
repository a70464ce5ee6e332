import type { Duplex } from 'node:stream'
import { DatabaseEnded, QueryTookTooLong } from './failures.ts'
import type { Chore, Log, WorkerOptions } from './messages.ts'
import { PortStream } from './port-stream.ts'
import { startThread, type Thread } from './thread.ts'
import { watchQueries } from './watch.ts'

/** Keeps a worker alive: where one has ended, whoever connects next starts another. */
export interface Engine {
  /** Starts the worker where none is running. Throws DidNotStart or NotDurable. */
  start(): Promise<void>
  /** A socket for the driver. */
  stream(): Duplex
  chore(chore: Chore): Promise<Uint8Array | undefined>
  close(): Promise<void>
}

export interface EngineOptions extends Omit<WorkerOptions, 'began'> {
  statement_seconds: number
  log: Log
}

export function createEngine({ statement_seconds, log, ...options }: EngineOptions): Engine {
  let life: Promise<Thread> | undefined
  /** Why no worker may be started any more. */
  let over: Error | undefined

  async function running(): Promise<Thread> {
    if (over) throw over
    life ??= begin()
    const thread = await life
    if (!thread.isEnding()) return thread
    // Never two on one folder.
    await thread.ended
    return running()
  }

  async function begin(): Promise<Thread> {
    const began = new SharedArrayBuffer(8)
    try {
      const thread = await startThread({ ...options, began })
      const unwatch = watchQueries(began, statement_seconds, () => {
        void thread.end(new QueryTookTooLong(statement_seconds))
      })
      void thread.ended.then(unwatch)
      void thread.ended.then(bury)
      return thread
    } catch (error) {
      life = undefined
      throw error
    }
  }

  function bury(reason: Error): void {
    life = undefined
    if (over) return
    log.error({ error: reason.message }, 'the embedded database ended; it starts again when it is next asked')
    if (options.folder === null) over = new DatabaseEnded(`${reason.message} What was in memory is gone.`)
  }

  return {
    async start() {
      await running()
    },

    stream: () => new PortStream(async (stream) => (await running()).connect(stream)),

    chore: async (chore) => (await running()).chore(chore),

    async close() {
      over ??= new DatabaseEnded('it was closed')
      const thread = await life?.catch(() => undefined)
      await thread?.shutdown()
    },
  }
}
