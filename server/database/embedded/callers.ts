import type { Bytes, Chore, FromWorker, ToWorker } from './messages.ts'
import type { Line, PortStream } from './port-stream.ts'

type Post = (message: ToWorker, transfer?: ArrayBuffer[]) => void
type Answer = Extract<FromWorker, { connection: number } | { number: number }>

/** Everyone who waits for an answer of the worker: connections and chores. */
export interface Callers {
  connect(stream: PortStream): Line
  chore(chore: Chore): Promise<Bytes | undefined>
  hear(answer: Answer): void
  /** Tells all of them why no answer will come. */
  abandon(reason: Error): void
}

export function createCallers(post: Post): Callers {
  const streams = new Map<number, PortStream>()
  const chores = new Map<number, PromiseWithResolvers<Bytes | undefined>>()
  let last = 0

  return {
    connect(stream) {
      const connection = ++last
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
      const number = ++last
      const waiting = Promise.withResolvers<Bytes | undefined>()
      chores.set(number, waiting)
      post({ kind: 'chore', number, chore })
      return waiting.promise
    },

    hear(answer) {
      // The driver may have dropped the connection that this is for.
      if (answer.kind === 'bytes') return streams.get(answer.connection)?.receive(answer.bytes)
      const chore = chores.get(answer.number)
      chores.delete(answer.number)
      if (answer.kind === 'chore done') chore?.resolve(answer.bytes)
      else chore?.reject(new Error(answer.reason))
    },

    abandon(reason) {
      for (const stream of streams.values()) stream.destroy(reason)
      for (const chore of chores.values()) chore.reject(reason)
    },
  }
}
