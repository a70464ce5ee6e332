import { Worker } from 'node:worker_threads'
import { type Callers, createCallers } from './callers.ts'
import { checkDurable, type Durability } from './durability.ts'
import { DatabaseEnded, DidNotStart } from './failures.ts'
import type { FromWorker, ToWorker, WorkerOptions } from './messages.ts'

/** One life of the worker. */
export interface Thread {
  connect: Callers['connect']
  /** Throws what the database says against it, or why the worker ended first. */
  chore: Callers['chore']
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
  const post = (message: ToWorker, transfer: ArrayBuffer[] = []) => worker.postMessage(message, transfer)
  const callers = createCallers(post)
  const ready = Promise.withResolvers<Durability | undefined>()
  const ended = Promise.withResolvers<Error>()
  let started = false
  let reason: Error | undefined

  function hear(message: FromWorker): void {
    if (message.kind === 'ready') begin(message.durability)
    else if (message.kind === 'ended') died(message.reason)
    else callers.hear(message)
  }

  function begin(durability: Durability | undefined): void {
    started = true
    ready.resolve(durability)
  }

  function died(of: string): void {
    reason ??= started ? new DatabaseEnded(of) : new DidNotStart(of)
  }

  function bury(): void {
    reason ??= new DatabaseEnded('it was closed')
    ready.reject(reason)
    callers.abandon(reason)
    ended.resolve(reason)
  }

  async function end(why: Error): Promise<void> {
    reason ??= why
    await worker.terminate()
  }

  async function shutdown(): Promise<void> {
    post({ kind: 'shutdown' })
    const impatience = setTimeout(() => void end(new DatabaseEnded('it did not close in time')), PATIENCE_MS)
    await ended.promise
    clearTimeout(impatience)
  }

  worker.on('message', hear)
  worker.on('error', (error) => died(String(error)))
  worker.on('exit', bury)

  const durability = await ready.promise
  try {
    if (options.durable && options.folder !== null) checkDurable(durability)
  } catch (error) {
    await end(error as Error)
    throw error
  }
  const { connect, chore } = callers
  return { connect, chore, shutdown, end, isEnding: () => reason !== undefined, ended: ended.promise }
}
