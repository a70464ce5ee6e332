import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
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
export async function setUpThroughRunning(
  data_dir: string,
  wanted: SetupWanted,
): Promise<string | undefined> {
  const door = await readDoor(data_dir)
  if (!door) return undefined
  const answered = await fetch(`http://127.0.0.1:${door.port}/setup`, {
    method: 'POST',
    headers: { authorization: door.key },
    body: JSON.stringify(wanted),
  }).catch(() => undefined)
  // A killed program leaves its file behind; then nobody answers.
  if (!answered) return undefined
  const { message } = (await answered.json()) as { message: string }
  if (!answered.ok) throw new Error(message)
  return message
}

async function readDoor(data_dir: string): Promise<Door | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(data_dir), 'utf8')) as Door
  } catch {
    return undefined
  }
}

async function answer(request: IncomingMessage, key: string, { connection, now }: Filling) {
  if (!isKey(request.headers.authorization, key)) return { status: 401, body: { message: 'wrong key' } }
  try {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const wanted = JSON.parse(Buffer.concat(chunks).toString()) as SetupWanted
    return { status: 200, body: { message: await setUp(connection.db, wanted, now()) } }
  } catch (error) {
    if (error instanceof Refusal) return { status: 422, body: { message: error.message } }
    throw error
  }
}

function isKey(given: string | undefined, key: string): boolean {
  return given?.length === key.length && timingSafeEqual(Buffer.from(given), Buffer.from(key))
}
