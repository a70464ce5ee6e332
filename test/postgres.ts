import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, constants, globSync, openSync, readFileSync } from 'node:fs'
import { chown, mkdtemp, readFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client, escapeIdentifier } from 'pg'

export const howToInstall =
  'No PostgreSQL was found; install it (Debian: apt-get install postgresql, macOS: brew install postgresql@17) or name its folder in PG_BIN.'

export interface PostgresOptions {
  /** Off, unless a test is about surviving a power cut: then a commit waits for the disk. */
  fsync?: boolean
  /** Further settings of the server, as in postgresql.conf. */
  settings?: Record<string, string>
}

export interface Postgres {
  /** The superuser's address of the database `postgres`. */
  url: string
  readonly pid: number
  /** A new database, empty or a copy of another one (its name or address) that nobody is connected to. */
  createDatabase(template?: string): Promise<string>
  /** Ends the server as a crash would; its folder stays, and `start` begins again on it, at the same address. */
  stopHard(signal?: 'SIGKILL' | 'SIGQUIT'): Promise<void>
  start(options?: PostgresOptions): Promise<void>
  /** An orderly end and a new beginning, at the same address. */
  restart(options?: PostgresOptions): Promise<void>
  /** Ends the server and removes all it kept. */
  stop(): Promise<void>
}

/** A PostgreSQL of our own in a temporary folder. It ends with this process, however this process ends. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const home = await makeHome()
  const guard = startGuard(home)
  let server: ChildProcess

  async function start(changed: PostgresOptions = options): Promise<void> {
    server = await startServer(home, changed, guard)
  }

  try {
    await initialize(home)
    await start()
  } catch (error) {
    await guard.dismiss()
    throw error
  }

  return {
    url: home.url,
    get pid() {
      return server.pid ?? 0
    },
    createDatabase: (template) => createDatabase(home.url, template),
    stopHard: (signal = 'SIGKILL') => end(server, signal),
    start,
    async restart(changed) {
      await end(server, 'SIGINT')
      await start(changed)
    },
    async stop() {
      await end(server, 'SIGINT')
      await guard.dismiss()
    },
  }
}

let shared: Promise<string> | undefined

/**
 * The server that tests share: the one that `npm test` has started (TEST_POSTGRES_URL), or, where a file is run by
 * hand, one for this process.
 */
export function sharedPostgres(): Promise<string> {
  const given = process.env.TEST_POSTGRES_URL
  shared ??= given ? Promise.resolve(given) : startPostgres().then(({ url }) => url)
  return shared
}

/** A new database on the server at this address; see `Postgres.createDatabase`. */
export async function createDatabase(serverUrl: string, template = 'template1'): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await ask(serverUrl, `create database ${name} template ${escapeIdentifier(databaseName(template))}`)
  const url = new URL(serverUrl)
  url.pathname = name
  return url.href
}

/** Removes a database and whoever is still connected to it. */
export async function dropDatabase(url: string): Promise<void> {
  const server = new URL(url)
  server.pathname = 'postgres'
  await ask(server.href, `drop database if exists ${escapeIdentifier(databaseName(url))} with (force)`)
}

function databaseName(nameOrUrl: string): string {
  return nameOrUrl.includes('://') ? new URL(nameOrUrl).pathname.slice(1) : nameOrUrl
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // A server that goes away while we are connected also says so here; unheard, that would end this process.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** The folder of the server's programs; null where there is none. PG_BIN, when set, is the only one asked. */
export function postgresBinaries(): string | null {
  const named = process.env.PG_BIN
  return (named ? [named] : usualFolders()).find(hasServer) ?? null
}

function usualFolders(): string[] {
  const installed = [
    '/usr/lib/postgresql/*/bin',
    '/usr/pgsql-*/bin',
    '/opt/homebrew/opt/postgresql*/bin',
    '/usr/local/opt/postgresql*/bin',
    '/Applications/Postgres.app/Contents/Versions/*/bin',
  ]
  return [...(process.env.PATH ?? '').split(':'), ...globSync(installed).toSorted(newestFirst)]
}

function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, 'en', { numeric: true })
}

function hasServer(folder: string): boolean {
  return ['initdb', 'postgres'].every((program) => isProgram(join(folder, program)))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

interface Home {
  bin: string
  folder: string
  data: string
  log: string
  port: number
  url: string
  /** PostgreSQL refuses to run as root, so root runs it as somebody else. */
  user?: { uid: number; gid: number }
}

async function makeHome(): Promise<Home> {
  const bin = postgresBinaries()
  if (!bin) throw new Error(howToInstall)
  // Not the system's own choice: a socket's path may be only 107 bytes long, and here every user may enter.
  const folder = await mkdtemp('/tmp/punctual-postgres-')
  const user = process.getuid?.() === 0 ? unprivilegedUser() : undefined
  if (user) await chown(folder, user.uid, user.gid)
  const port = await freePort()
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`
  return { bin, folder, data: join(folder, 'data'), log: join(folder, 'log'), port, url, user }
}

function unprivilegedUser(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  const line = ['postgres:', 'nobody:'].flatMap((name) => users.filter((user) => user.startsWith(name)))[0]
  if (!line)
    throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody.')
  const [, , uid, gid] = line.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (!address || typeof address === 'string') throw new Error('The system gave no port.')
  return address.port
}

/** Collation and character types are those of the embedded database, so that both sort and compare alike. */
async function initialize({ bin, folder, data, user }: Home): Promise<void> {
  const characters = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'
  const locale = ['--encoding=UTF8', '--locale=C', `--lc-ctype=${characters}`]
  const access = ['--username=postgres', '--auth=trust']
  const program = join(bin, 'initdb')
  await promisify(execFile)(program, ['-D', data, '--no-sync', ...locale, ...access], {
    cwd: folder,
    ...user,
  })
}

async function startServer(home: Home, options: PostgresOptions, guard: Guard): Promise<ChildProcess> {
  const deadline = performance.now() + 60_000
  for (;;) {
    const server = spawnServer(home, options)
    guard.watch(server)
    if (await answers(home.url, server, deadline)) return server
    const log = (await readFile(home.log, 'utf8')).slice(-2_000)
    // After a SIGKILL the children of the old server need a moment to see that they are alone.
    if (!log.includes('still in use') || performance.now() > deadline) {
      throw new Error(`PostgreSQL did not start. The end of its log:\n${log}`)
    }
    await sleep(100)
  }
}

function spawnServer({ bin, folder, data, log, port, user }: Home, options: PostgresOptions): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    max_connections: '200',
    fsync: options.fsync ? 'on' : 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...options.settings,
  }
  const output = openSync(log, 'a')
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // Detached, so that Ctrl-C in a terminal reaches only us, and tests can still say goodbye to their database.
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...args], {
    cwd: folder,
    ...user,
    detached: true,
    stdio: ['ignore', output, output],
  })
  server.unref()
  return server
}

/** False when the server ended instead, or the time is up. */
async function answers(url: string, server: ChildProcess, deadline: number): Promise<boolean> {
  while (!hasEnded(server) && performance.now() < deadline) {
    try {
      await ask(url, 'select 1')
      return true
    } catch {
      await sleep(50)
    }
  }
  return false
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return
  child.ref()
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** Told a process id on each line; when the lines end, because we did, it ends that process and removes the folder. */
const guardScript = `
  while read -r line; do pid=$line; done
  if [ "\${pid:-0}" -gt 0 ]; then
    kill -QUIT "$pid"
    for i in 1 2 3 4 5 6 7 8 9 10; do [ -e "$1/data/postmaster.pid" ] && sleep 0.3; done
  fi 2>/dev/null
  rm -rf "$1"
`

interface Guard {
  watch(server: ChildProcess): void
  /** Removes the folder, and ends the server where it has not ended yet. */
  dismiss(): Promise<void>
}

/** A handler for 'exit' would not do: it does not run when a signal ends this process. */
function startGuard({ folder }: Home): Guard {
  const shell = spawn('/bin/sh', ['-c', guardScript, 'guard', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  const pipe = shell.stdin as unknown as Socket
  pipe.unref()
  return {
    watch(server) {
      pipe.write(`${server.pid}\n`)
      server.once('exit', () => pipe.write('0\n'))
    },
    async dismiss() {
      shell.ref()
      const ended = once(shell, 'exit')
      pipe.end()
      await ended
    },
  }
}
