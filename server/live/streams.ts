import { PassThrough } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../permissions.ts'
import type { Changes } from './changes.ts'
import type { Live } from './live.ts'

/** Something that is told in a stream: its name, and what goes with it as JSON. */
export interface StreamEvent {
  event: string
  data: unknown
}

/** Proxies take a connection for dead on which nothing comes; many wait for a minute, some for half of one. */
const HEARTBEAT_MS = 20_000
/** A reader that has fallen so far behind is let go, and asks anew. */
const MOST_WAITING = 256 * 1024

/**
 * Answers with server-sent events (WHATWG HTML §9.2): whatever `view` makes of what happens, for as long as the log-in
 * lasts.
 */
export function answerWithEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  live: Live,
  view: (changes: Changes, actor: Actor) => Promise<StreamEvent[]>,
): FastifyReply {
  const stream = new PassThrough()
  const end = () => void stream.end()
  const leave = live.follow({
    actor: request.actor,
    stands: request.stands!,
    end,
    async tell(changes, actor) {
      const told = await view(changes, actor)
      if (stream.writable) for (const one of told) stream.write(textOf(one))
      if (stream.writableLength > MOST_WAITING) stream.destroy()
    },
  })
  const beating = setInterval(() => stream.writable && stream.write(': \n\n'), HEARTBEAT_MS)
  beating.unref()
  const leaveForGood = () => {
    clearInterval(beating)
    leave()
    stream.destroy()
  }
  // Who has gone while we looked who it was is not told that anybody has.
  if (reply.raw.destroyed || request.raw.socket.destroyed) leaveForGood()
  else reply.raw.once('close', leaveForGood)
  if (stream.writable) stream.write('retry: 3000\n\n')
  return reply
    .headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      // nginx keeps back what it may.
      'x-accel-buffering': 'no',
      // Nothing else is asked on this connection, and the end of the program does not wait for it.
      connection: 'close',
    })
    .send(stream)
}

function textOf({ event, data }: StreamEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
