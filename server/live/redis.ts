import type { createAdapter as make } from '@socket.io/redis-adapter'
import type { Log } from '../database/connect.ts'

/** A connection that carries what happens from one program to the others. */
export interface Carrier {
  // What Socket.IO asks for, in its own words.
  adapter: ReturnType<typeof make>
  close(): void
}

const retryStrategy = (times: number) => Math.min(times * 100, 3000)

/**
 * Two connections to Redis, as one that listens can do nothing else. Redis may be away: then each program tells its own
 * browsers only, says so once, and the connection comes back by itself.
 */
export async function connectToRedis(url: string, log: Log): Promise<Carrier> {
  const [{ createAdapter }, { Redis }] = await Promise.all([
    import('@socket.io/redis-adapter'),
    import('ioredis'),
  ])
  // What happens meanwhile is not kept for later: browsers ask anew when they can, and a queue would only grow.
  const speaking = new Redis(url, { retryStrategy, enableOfflineQueue: false })
  const hearing = new Redis(url, { retryStrategy, maxRetriesPerRequest: null })
  const adapter = createAdapter(unrejecting(speaking), unrejecting(hearing), { key: 'punctual' })
  let isAway = false
  for (const connection of [speaking, hearing]) {
    connection.on('error', (error: Error) => {
      if (isAway) return
      isAway = true
      log.warn(
        { error: error.message || (error as { code?: string }).code },
        'Redis cannot be reached: browsers of other processes hear nothing until it can',
      )
    })
    connection.on('ready', () => {
      if (!isAway || [speaking, hearing].some(({ status }) => status !== 'ready')) return
      isAway = false
      log.info({}, 'Redis can be reached again')
    })
  }
  return {
    adapter,
    close() {
      speaking.disconnect()
      hearing.disconnect()
    },
  }
}

/** The adapter waits for no answer: a command that Redis did not get would end the program as an unhandled rejection. */
function unrejecting<T extends object>(connection: T): T {
  return new Proxy(connection, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const answer: unknown = value.apply(target, args)
        if (answer instanceof Promise) answer.catch(() => {})
        return answer
      }
    },
  })
}
