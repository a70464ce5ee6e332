import { parentPort, workerData } from 'node:worker_threads'
import type { PGlite } from '@electric-sql/pglite'
import { chores } from './chores.ts'
import type { Chore, FromWorker, ToWorker, WorkerOptions } from './messages.ts'
import { type Started, startPostgres } from './postgres.ts'
import { createQueue } from './queue.ts'
import { sessionOf } from './session.ts'

// The thread that PostgreSQL runs in: it works synchronously, and would keep the main thread from everything else.

const options: WorkerOptions = workerData
const clock = new BigInt64Array(options.began)

try {
  serve(await startPostgres(options, end))
} catch (error) {
  end(reasonOf(error))
}

function serve({ db, durability }: Started): void {
  const session = sessionOf(db)
  const queue = createQueue(session, {
    answer: (connection, bytes) => say({ kind: 'bytes', connection, bytes }, [bytes.buffer]),
    doChore: (number, chore) => doChore(db, number, chore),
    began: (at = 0n) => Atomics.store(clock, 0, at),
    broke: end,
  })
  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'shutdown') void queue.finish().then(() => shutdown(db), end)
    else queue.take(message)
  })
  say({ kind: 'ready', durability })
}

async function doChore(db: PGlite, number: number, chore: Chore): Promise<void> {
  try {
    const bytes = await chores[chore](db, options.folder)
    say({ kind: 'chore done', number, bytes }, bytes ? [bytes.buffer] : [])
  } catch (error) {
    say({ kind: 'chore failed', number, reason: reasonOf(error) })
  }
}

/** PostgreSQL writes a last checkpoint, so that the next start has nothing to recover. */
async function shutdown(db: PGlite): Promise<void> {
  await db.close()
  process.exit(0)
}

function end(reason: unknown): void {
  say({ kind: 'ended', reason: reasonOf(reason) })
  process.exit(1)
}

function say(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer)
}

/** What Emscripten throws is no Error. */
function reasonOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: string }
  return message ?? String(error)
}
