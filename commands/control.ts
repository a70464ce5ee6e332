import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request as ask } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ImportWanted } from '../server/importing/importing.ts'
import { Refusal } from '../server/refusal.ts'
import { setUp, type SetupWanted } from './setting-up.ts'
import type { Filling } from './start.ts'

/**
 * The embedded database belongs to one process. A command on an installation that is running therefore goes through
 * it: by a door on this machine only, whose key lies in the data folder, where only its owner can read it.
 */
export interface Control {
  close(): Promise<void>
}

interface Door {
  port: number
  key: string
}

const fileOf = (data_dir: string) => join(data_dir, 'control.json')

export async function offerControl(data_dir: string, parts: Filling): Promise<Control> {
  const key = randomBytes(32).toString('hex')
  const server = createServer((request, response) => {
    answer(request, key, parts).then(
      ({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => response.writeHead(500).end(JSON.stringify({ message: 'unexpected failure' })),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const { port } = server.address() as AddressInfo
  await rm(fileOf(data_dir), { force: true })
  await writeFile(fileOf(data_dir), JSON.stringify({ port, key } satisfies Door), { mode: 0o600 })
  return {
    async close() {
      await rm(fileOf(data_dir), { force: true })
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Has the running program set up an organization; undefined where none is running on this folder. */
export function setUpThroughRunning(data_dir: string, wanted: SetupWanted): Promise<string | undefined> {
  return throughRunning(data_dir, '/setup', wanted)
}

/** Has the running program import files; undefined where none is running on this folder. */
export function importThroughRunning(data_dir: string, wanted: ImportWanted): Promise<string | undefined> {
  return throughRunning(data_dir, '/import', wanted)
}

/** What the running program does for a command, and what it says of it. */
const operations = {
  '/setup': async ({ connection, now }: Filling, wanted: unknown) =>
    setUp(connection.db, wanted as SetupWanted, now()),
  '/import': async ({ connection, now }: Filling, wanted: unknown) => {
    // Few starts of the program ever import something.
    const { bringIn } = await import('./bringing-in.ts')
    return bringIn(connection.db, wanted as ImportWanted, now())
  },
}
type Operation = keyof typeof operations

/** What the running program had against it. */
class RefusedByRunning extends Refusal {
  readonly code = 'refused_by_running'
  readonly status = 422
}

async function throughRunning(
  data_dir: string,
  operation: Operation,
  wanted: object,
): Promise<string | undefined> {
  const door = await readDoor(data_dir)
  const answered = door && (await askAt(door, operation, JSON.stringify(wanted)))
  if (!answered) return undefined
  const { message } = JSON.parse(answered.body) as { message: string }
  if (answered.status === 422) throw new RefusedByRunning(message)
  if (answered.status !== 200) throw new Error(`The running program answered: ${message}`)
  return message
}

/** Waits for the answer however long it takes; undefined where nobody answers: a killed program leaves its file behind. */
async function askAt({ port, key }: Door, path: Operation, body: string) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage | undefined>()
  const asking = ask(
    { host: '127.0.0.1', port, path, method: 'POST', headers: { authorization: key } },
    resolve,
  )
  asking.on('error', (error: { code?: string }) => {
    if (error.code === 'ECONNREFUSED') resolve(undefined)
    else reject(error)
  })
  asking.end(body)
  const response = await promise
  return response && { status: response.statusCode, body: await text(response) }
}

async function readDoor(data_dir: string): Promise<Door | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(data_dir), 'utf8')) as Door
  } catch {
    return undefined
  }
}

async function answer(request: IncomingMessage, key: string, parts: Filling) {
  if (!isKey(request.headers.authorization, key)) return { status: 401, body: { message: 'wrong key' } }
  const operation = operations[request.url as Operation]
  if (!operation) return { status: 404, body: { message: 'no such operation: is it of the same version?' } }
  try {
    const wanted: unknown = JSON.parse(await text(request))
    return { status: 200, body: { message: await operation(parts, wanted) } }
  } catch (error) {
    if (error instanceof Refusal) return { status: 422, body: { message: error.message } }
    throw error
  }
}

function isKey(given: string | undefined, key: string): boolean {
  return given?.length === key.length && timingSafeEqual(Buffer.from(given), Buffer.from(key))
}
