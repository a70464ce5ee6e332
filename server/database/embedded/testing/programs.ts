import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { TestContext } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface Writer {
  pid: number
  /** The ids of the rows that were acknowledged so far. */
  acknowledged: number[]
  /** Waits until it has acknowledged so many rows. Throws when it ends before. */
  hasWritten(rows: number): Promise<void>
  /** `kill -9`: nothing is closed, nothing is said. */
  kill(): Promise<void>
}

/** Starts another program that writes into the folder, row after row. */
export function startWriter(
  t: TestContext,
  folder: string,
  { careless = false, preload = '', env = {} }: { careless?: boolean; preload?: string; env?: object } = {},
): Writer {
  const program = fileURLToPath(new URL('./keep-writing.ts', import.meta.url))
  const flags = preload ? ['--import', new URL(preload, import.meta.url).href] : []
  const child = spawn(process.execPath, [...flags, program, folder, careless ? 'careless' : 'careful'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  t.after(kill)
  const acknowledged = idsFrom(child)
  const hasWritten = (rows: number) =>
    until(() => {
      if (child.exitCode !== null) throw new Error(`the writer ended with ${child.exitCode}`)
      return acknowledged.length >= rows
    })
  return { pid: child.pid!, acknowledged, hasWritten, kill }
}

/** Looks again and again until it is so. Throws after 20 s. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > 10_000) throw new Error(`it never came about: ${isSo}`)
    await after(2)
  }
}

function idsFrom(child: ChildProcessByStdio<null, Readable, null>): number[] {
  const ids: number[] = []
  let line = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (line + chunk.toString()).split('\n')
    line = lines.pop()!
    ids.push(...lines.map(Number))
  })
  return ids
}
