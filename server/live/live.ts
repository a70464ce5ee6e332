import type { Duplex } from 'node:stream'
import type { IncomingMessage } from 'node:http'
import type { Log } from '../database/connect.ts'
import type { Database } from '../database/transactions.ts'
import type { PunctualEvent } from '../events/events.ts'
import type { App } from '../http/routes.ts'
import type { Listener } from '../queue/relay.ts'
import { changesOf } from './changes.ts'
import { type Follower, Followers } from './followers.ts'
import { connectToRedis } from './redis.ts'
import { openSockets, type SocketParts, type Sockets } from './sockets.ts'

/** For so long somebody goes on hearing whose log-in has ended. */
const CHECK_MS = 10_000

export interface LiveParts extends Pick<SocketParts, 'authenticate' | 'now' | 'cors_origins'> {
  db: Database
  redis_url?: string
  log: Log
}

/**
 * What is happening now, to browsers. It is told after the commit, best effort: whoever connects asks for what is, and is
 * told from then on of what changes.
 */
export class Live {
  #parts: LiveParts
  #followers: Followers
  #sockets: Promise<Sockets> | undefined
  #telling = Promise.resolve()
  #checking: Promise<void> | undefined
  #timer: NodeJS.Timeout
  #isClosed = false

  constructor(parts: LiveParts) {
    this.#parts = parts
    this.#followers = new Followers(parts.log)
    this.#timer = setInterval(() => void this.checkAgain(), CHECK_MS)
    this.#timer.unref()
    // What others tell is heard from the beginning; without Redis there is nobody to hear before a browser connects.
    if (parts.redis_url)
      this.#open().catch((error: unknown) => parts.log.error({ err: error }, 'no live updates'))
  }

  /** Called with what happened, in the process that hands it on. */
  listener: Listener = (events) => {
    this.#telling = this.#telling
      .then(() => this.#tell(events))
      .catch((error: unknown) =>
        this.#parts.log.warn({ err: error }, 'browsers could not be told what happened'),
      )
  }

  /** Calls somebody of this process with whatever happens in their organization; returns what ends that. */
  follow(follower: Follower): () => void {
    if (this.#isClosed) {
      follower.end()
      return () => {}
    }
    return this.#followers.add(follower)
  }

  /** Ends whoever's log-in has ended, and lets nobody hear more than they may by now. */
  checkAgain(): Promise<void> {
    this.#checking ??= this.#check().finally(() => (this.#checking = undefined))
    return this.#checking
  }

  /** Socket.IO at /socket.io, on the port of the program. */
  mount(app: App): void {
    app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Unheard, the error of a connection that breaks would end the program.
      socket.on('error', () => socket.destroy())
      this.#open().then(
        (sockets) => sockets.handleUpgrade(request, socket, head),
        () => socket.destroy(),
      )
    })
    void app.register(async (scope: App) => {
      // What is posted is read by Socket.IO itself.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
      scope.route({
        method: ['GET', 'POST'],
        url: '/socket.io',
        schema: { hide: true },
        handler: async (request, reply) => {
          const sockets = await this.#open()
          reply.hijack()
          sockets.handleRequest(request.raw, reply.raw)
        },
      })
    })
    app.addHook('preClose', () => this.close())
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#timer)
    this.#followers.endAll()
    await this.#telling
    await this.#checking
    await this.#sockets?.then(
      (sockets) => sockets.close(),
      () => {},
    )
  }

  async #tell(events: PunctualEvent[]): Promise<void> {
    if (this.#isClosed || (this.#followers.isEmpty && !this.#sockets)) return
    const changes = await changesOf(this.#parts.db, events)
    if (changes.appointments.length + changes.slots.length === 0) return
    this.#followers.tell(changes)
    const sockets = await this.#sockets
    sockets?.tell(changes)
  }

  async #check(): Promise<void> {
    try {
      await this.#followers.checkAgain(this.#parts.now)
      await (await this.#sockets)?.checkAgain()
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'nobody could be asked who may go on listening; it is asked again')
    }
  }

  #open(): Promise<Sockets> {
    if (this.#isClosed) return Promise.reject(new Error('The program ends.'))
    return (this.#sockets ??= this.#openNow())
  }

  async #openNow(): Promise<Sockets> {
    const { redis_url, log } = this.#parts
    const carrier = redis_url ? await connectToRedis(redis_url, log) : undefined
    const sockets = await openSockets({ ...this.#parts, carrier, hear: this.#followers.tell })
    return {
      ...sockets,
      async close() {
        await sockets.close()
        carrier?.close()
      },
    }
  }
}
