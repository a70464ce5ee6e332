import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

export const howToInstallRedis =
  'No Redis was found; install it (Debian: apt-get install redis-server, macOS: brew install redis) or name its program in REDIS_SERVER.'

export interface Redis {
  url: string
  /** Ends the server; what was connected is cut off. */
  stop(): Promise<void>
  /** Begins again at the same address. */
  start(): Promise<void>
}

/** The server's program; null where there is none. */
export function redisBinary(): string | null {
  const { REDIS_SERVER, PATH = '' } = process.env
  const places = REDIS_SERVER
    ? [REDIS_SERVER]
    : PATH.split(delimiter).map((folder) => join(folder, 'redis-server'))
  return places.find(isProgram) ?? null
}

const servers = new Set<ChildProcess>()
process.on('exit', () => {
  for (const server of servers) server.kill('SIGKILL')
})

/** A Redis of our own that keeps nothing, on a free port. */
export async function startRedis(): Promise<Redis> {
  const port = await freePort()
  let server = await startServer(port)
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
    },
    async start() {
      server = await startServer(port)
    },
  }
}

async function startServer(port: number): Promise<ChildProcess> {
  const program = redisBinary()
  if (!program) throw new Error(howToInstallRedis)
  const folder = mkdtempSync(join(tmpdir(), 'punctual-redis-'))
  const settings = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const server = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  servers.add(server)
  server.once('exit', () => {
    servers.delete(server)
    rmSync(folder, { recursive: true, force: true })
  })
  await isReady(server)
  return server
}

/** Throws with what it said if it ends instead. */
async function isReady(server: ChildProcess): Promise<void> {
  let output = ''
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  for (const stream of [server.stdout!, server.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.includes('eady to accept connections')) resolve()
    })
  }
  server.once('exit', () => reject(new Error(`Redis did not start:\n${output}`)))
  await promise
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
