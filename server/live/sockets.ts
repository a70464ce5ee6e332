import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Server, Socket } from 'socket.io'
import type { Log } from '../database/connect.ts'
import { NotLoggedIn, TokenInvalid } from '../http/asking.ts'
import type { Actor } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import type { AppointmentChange, Changes, LiveAppointment } from './changes.ts'
import type { Carrier } from './redis.ts'
import { roomForSlots, roomsFor, roomsLeft, roomsOf } from './rooms.ts'

type Told = LiveAppointment & { happened: string }

interface ToBrowsers {
  'appointment:created': (told: Told) => void
  'appointment:updated': (told: Told | { id: string; happened: 'left' }) => void
  'slots:changed': (where: { provider_id: string | null; location_id: string | null }) => void
  ended: (why: { code: string; message: string }) => void
}
interface FromBrowsers {}
interface BetweenServers {
  changes: (changes: Changes) => void
}
interface Held {
  token: string
  rooms: string[]
}
type Io = Server<FromBrowsers, ToBrowsers, BetweenServers, Held>
type Browser = Socket<FromBrowsers, ToBrowsers, BetweenServers, Held>

export interface SocketParts {
  authenticate(token: string, now: Temporal.Instant): Promise<Actor | null>
  now: () => Temporal.Instant
  cors_origins: string[]
  carrier?: Carrier
  /** Called with what another program has told. */
  hear(changes: Changes): void
  log: Log
}

export interface Sockets {
  handleRequest(request: IncomingMessage, response: ServerResponse): void
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells browsers, of other programs too, and those programs themselves. */
  tell(changes: Changes): void
  /** Ends those whose log-in has ended, and lets nobody hear more than they may by now. */
  checkAgain(): Promise<void>
  close(): Promise<void>
}

/**
 * Socket.IO without a port of its own: what comes for it is handed in. The library is read when the first browser asks
 * for it; most of a start's time would else go into it, whether anybody comes or not.
 */
export async function openSockets(parts: SocketParts): Promise<Sockets> {
  const { Server } = await import('socket.io')
  const io: Io = new Server(createServer(), {
    serveClient: false,
    // Browsers are told and have nothing to say.
    maxHttpBufferSize: 10_000,
    // Whoever connects shows a token at once, or makes room.
    connectTimeout: 10_000,
    ...(parts.cors_origins.length > 0 && { cors: { origin: parts.cors_origins } }),
    ...(parts.carrier && { adapter: parts.carrier.adapter }),
  })
  io.use(async (socket, next) => next(await refusalFor(socket, parts)))
  io.on('connection', (socket) => void socket.join(socket.data.rooms))
  io.on('changes', parts.hear)
  const upgraded = new Set<Duplex>()

  return {
    handleRequest: (request, response) => io.engine.handleRequest(request as never, response),
    handleUpgrade(request, socket, head) {
      upgraded.add(socket)
      socket.once('close', () => upgraded.delete(socket))
      io.engine.handleUpgrade(request as never, socket, head)
    },
    tell(changes) {
      for (const change of changes.appointments) tellOf(io, change)
      for (const change of changes.slots) {
        const { provider_id, location_id } = change
        io.to(roomForSlots(change)).emit('slots:changed', { provider_id, location_id })
      }
      if (parts.carrier) io.serverSideEmit('changes', changes)
    },
    checkAgain: () => checkEach([...io.of('/').sockets.values()], parts),
    async close() {
      await io.close()
      // A browser that has gone without a word would be waited for.
      for (const socket of upgraded) socket.destroy()
    },
  }
}

function tellOf(io: Io, change: AppointmentChange): void {
  const { happened, appointment } = change
  const isNew = happened === 'booked' || happened === 'imported'
  const rooms = roomsFor(change)
  io.to(rooms).emit(isNew ? 'appointment:created' : 'appointment:updated', { ...appointment, happened })
  const left = roomsLeft(change)
  // Whoever lost it learns that, and not to whom.
  if (left.length > 0)
    io.to(left).except(rooms).emit('appointment:updated', { id: appointment.id, happened: 'left' })
}

/** Undefined for whoever is let in; else what `connect_error` brings: a message, and the code in `data`. */
async function refusalFor(socket: Browser, parts: SocketParts): Promise<Refused | undefined> {
  try {
    await admit(socket, parts)
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return new Refused(error.message, error.code)
    parts.log.error({ err: error }, 'nobody could be asked who connects')
    return new Refused('This does not work just now. Try again in a moment.', 'unavailable')
  }
}

class Refused extends Error {
  readonly data: { code: string }

  constructor(message: string, code: string) {
    super(message)
    this.data = { code }
  }
}

async function admit(socket: Browser, { authenticate, now }: SocketParts): Promise<void> {
  const token = tokenOf(socket.handshake)
  if (!token) throw new NotLoggedIn('Send an access token as auth: { token }, or as Authorization: Bearer …')
  const actor = await authenticate(token, now())
  if (!actor) throw new TokenInvalid()
  socket.data = { token, rooms: roomsOf(actor) }
}

function tokenOf({ auth, headers }: Browser['handshake']): string | undefined {
  if (typeof auth.token === 'string') return auth.token.replace(/^bearer +/i, '')
  return /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
}

async function checkEach(sockets: Browser[], { authenticate, now }: SocketParts): Promise<void> {
  // Several tabs have one token.
  const known = new Map<string, Actor | null>()
  for (const socket of sockets) {
    const { token } = socket.data
    if (!known.has(token)) known.set(token, await authenticate(token, now()))
    const actor = known.get(token)
    if (actor) moveTo(socket, roomsOf(actor))
    else end(socket)
  }
}

function moveTo(socket: Browser, rooms: string[]): void {
  for (const room of socket.rooms) if (room !== socket.id && !rooms.includes(room)) void socket.leave(room)
  void socket.join(rooms)
}

function end(socket: Browser): void {
  const { code, message } = new TokenInvalid()
  socket.emit('ended', { code, message })
  socket.disconnect(true)
}
