import { Worker } from 'node:worker_threads'
import { checkDurable, type Durability } from './durability.ts'
import { DatabaseEnded, DidNotStart } from './failures.ts'
import type { Chore, FromWorker, ToWorker, WorkerOptions } from './messages.ts'
import type { Line, PortStream } from './port-stream.ts'

/** One life of the worker. */
export interface Thread {
  connect(stream: PortStream): Line
  /** Throws what the database says against it, or why the worker ended first. */
  chore(chore: Chore): Promise<Uint8Array | undefined>
  /** Lets the worker end by itself, with everything written. After half a minute it is ended. */
  shutdown(): Promise<void>
  /** Ends the worker at once, whatever it is doing; whoever waits for it is told the reason. */
  end(reason: Error): Promise<void>
  isEnding(): boolean
  /** Resolves when the worker has ended, however that came, with the reason. */
  ended: Promise<Error>
}

const PATIENCE_MS = 30_000

/** Starts a worker. Throws DidNotStart with PostgreSQL's reason, or NotDurable. */
export async function startThread(options: WorkerOptions): Promise<Thread> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    name: 'database',
    workerData: options,
  })
  const streams = new Map<number, PortStream>()
  const chores = new Map<number, PromiseWithResolvers<Uint8Array | undefined>>()
  const ready = Promise.withResolvers<Durability | undefined>()
  const ended = Promise.withResolvers<Error>()
  let last_number = 0
  let reason: Error | undefined

  const post = (message: ToWorker, transfer?: ArrayBuffer[]) => worker.postMessage(message, transfer)

  function hear(message: FromWorker): void {
    if (message.kind === 'bytes') streams.get(message.connection)?.receive(message.bytes)
    else if (message.kind === 'ready') ready.resolve(message.durability)
    else if (message.kind === 'ended') reason ??= new DatabaseEnded(message.reason)
    else settleChore(message)
  }

  function settleChore(message: Extract<FromWorker, { number: number }>): void {
    const chore = chores.get(message.number)
    chores.delete(message.number)
    if (message.kind === 'chore done') chore?.resolve(message.bytes)
    else chore?.reject(new Error(message.reason))
  }

  function bury(): void {
    const why = reason ?? new DatabaseEnded('it was closed')
    ready.reject(new DidNotStart(why.message))
    for (const stream of streams.values()) stream.destroy(why)
    for (const chore of chores.values()) chore.reject(why)
    ended.resolve(why)
  }

  worker.on('message', hear)
  worker.on('error', (error) => (reason ??= new DatabaseEnded(String(error))))
  worker.on('exit', bury)

  async function end(why: Error): Promise<void> {
    reason ??= why
    await worker.terminate()
  }

  const durability = await ready.promise
  try {
    if (options.durable && options.folder !== null) checkDurable(durability)
  } catch (error) {
    await end(error as Error)
    throw error
  }

  return {
    ended: ended.promise,
    isEnding: () => reason !== undefined,
    end,

    connect(stream) {
      const connection = ++last_number
      streams.set(connection, stream)
      return {
        send: (bytes) => post({ kind: 'bytes', connection, bytes }, [bytes.buffer]),
        close() {
          streams.delete(connection)
          post({ kind: 'close', connection })
        },
      }
    },

    chore(chore) {
      const number = ++last_number
      const waiting = Promise.withResolvers<Uint8Array | undefined>()
      chores.set(number, waiting)
      post({ kind: 'chore', number, chore })
      return waiting.promise
    },

    async shutdown() {
      post({ kind: 'shutdown' })
      const impatient = setTimeout(() => void end(new DatabaseEnded('it did not close in time')), PATIENCE_MS)
      await ended.promise
      clearTimeout(impatient)
    },
  }
}
