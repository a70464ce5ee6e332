import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const project = dirname(import.meta.dirname)

/** The program as whoever installs it has it: a process of its own, that can be killed. */
export interface Program {
  /** Where it answers; empty for one that only works. */
  address: string
  /** What it has written so far. */
  output(): string
  /** Sends a signal and waits until it has ended: with a code, or by the signal. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>
  /** Resolves when it has ended, whoever ended it. */
  ended: Promise<number | NodeJS.Signals>
}

type Environment = Record<string, string>

/**
 * Starts `node main.ts start`, or the demo, on a free port and waits until it answers. Throws with what it said if it
 * ends instead.
 */
export async function startProgram(env: Environment, command: 'start' | 'demo' = 'start'): Promise<Program> {
  const { child, output, ended } = run([command], { PORT: '0', LOG_LEVEL: 'warn', ...env })
  const { promise: ready, resolve } = Promise.withResolvers<string>()
  child.stdout!.on('data', () => {
    const [said, address = ''] = /answers at (\S+)|is at work/.exec(output()) ?? []
    if (said) resolve(address)
  })
  const address = await Promise.race([ready, ended.then(() => undefined)])
  if (address === undefined) throw new Error(`the program did not start:\n${output()}`)
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  return { address, output, end, ended }
}

/** Starts it and ends it so many milliseconds later, wherever it then is. */
export async function startAndKill(env: Environment, milliseconds: number): Promise<void> {
  const { child, ended } = run(['start'], { PORT: '0', LOG_LEVEL: 'warn', ...env })
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  await ended
  clearTimeout(timer)
}

/** Runs a command of the program to its end. */
export async function runProgram(
  args: string[],
  env: Environment,
): Promise<{ code: number | NodeJS.Signals; output: string }> {
  const { output, ended } = run(args, env)
  return { code: await ended, output: output() }
}

/** A folder for a program's data, and what removes it again. */
export function dataFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'punctual-data-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

const children = new Set<ChildProcess>()
process.on('exit', killPrograms)

/** Ends whatever has been started here and runs on. */
export function killPrograms(): void {
  for (const child of children) child.kill('SIGKILL')
}

function run(args: string[], env: Environment) {
  const child = spawn(process.execPath, [join(project, 'main.ts'), ...args], {
    // Not in the project, where a developer's own .env may lie.
    cwd: tmpdir(),
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_COMPILE_CACHE: join(project, 'node_modules/.cache/punctual/compiled'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  }
  const ended = once(child, 'close').then(([code, signal]) => {
    children.delete(child)
    return (code ?? signal) as number | NodeJS.Signals
  })
  return { child, output: () => text, ended }
}
