import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { io, type Socket } from 'socket.io-client'

/** So long something may take that comes by itself. */
export const soon = { interval: 10, timeout: 20_000 }

export interface Heard {
  event: string
  // What is told is what the test is about, as a page in a browser would see it.
  // oxlint-disable-next-line typescript/no-explicit-any
  told: any
}

/** A page that listens, and what it has heard. */
export interface Browser {
  socket: Socket
  heard: Heard[]
  /** What it has heard of appointments, in short: what happened to which. */
  appointments(): [happened: string, id: string][]
}

export interface Opening {
  headers?: Record<string, string>
  transports?: string[]
}

/** Opens a page that listens as whoever has this token; throws what it is refused with. */
export async function openBrowser(
  t: TestContext,
  { address }: { address: string },
  token?: string,
  { headers, transports = ['websocket'] }: Opening = {},
): Promise<Browser> {
  const socket = io(address, {
    auth: token ? { token } : {},
    transports,
    forceNew: true,
    reconnection: false,
    ...(headers && { extraHeaders: headers }),
  })
  t.after(() => socket.disconnect())
  const heard: Heard[] = []
  socket.onAny((event: string, told: unknown) => heard.push({ event, told }))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  const ofAppointments = () => heard.filter(({ event }) => event.startsWith('appointment:'))
  return { socket, heard, appointments: () => ofAppointments().map(({ told }) => [told.happened, told.id]) }
}

/** Waits until a page has heard exactly this of appointments. */
export function hears(t: TestContext, browser: Browser, expected: [string, string][]): Promise<void> {
  return t.waitFor(() => assert.deepEqual(browser.appointments(), expected), soon)
}
