import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { startProgram } from './program.ts'

const project = dirname(import.meta.dirname)

export interface Following {
  /** Where the program answers, in the place of the address that the document has. */
  address?: string
  /** Which blocks are run; all unless said. */
  only?: (block: string) => boolean
  env?: Record<string, string>
}

/**
 * Runs the blocks of a document in one bash. Each stays on its line, so that the line that fails is told as that of the
 * document. `npm run` is the program of this project, wherever the reader would be.
 */
export async function follow(name: string, { address, only = () => true, env }: Following) {
  const document = readFileSync(join(project, name), 'utf8')
  const folder = mkdtempSync(join(tmpdir(), 'punctual-guide-'))
  const npm = `npm() { shift; local command=$1; shift 2; node ${join(project, 'main.ts')} "$command" "$@"; }; `
  const trap = `trap 'echo "${name}, line $LINENO: $BASH_COMMAND" >&2' ERR; set -euo pipefail; `
  const commands = commandsOf(document, only)
  const script = join(folder, 'guide.sh')
  const there = address ? commands.replaceAll('http://127.0.0.1:3000', address) : commands
  writeFileSync(script, npm + trap + there)
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)
  const child = spawn('bash', [script], {
    cwd: folder,
    env: { PATH, TMPDIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const [code] = await once(child, 'close')
  rmSync(folder, { recursive: true })
  return { code, output }
}

/** Follows a document that begins with an empty installation: its setup, then all that is asked of the running program. */
export async function followFromNothing(name: string, env: { DATA_DIR: string }) {
  const setUp = await follow(name, { env, only: (block) => block.includes('npm run setup') })
  assert.equal(setUp.code, 0, setUp.output)
  const { address } = await startProgram(env)
  const { code, output } = await follow(name, { address, only: (block) => !block.includes('npm ') })
  assert.equal(code, 0, `…${output.slice(-2500)}`)
  return { address, output }
}

/** Follows the page of another system from an empty installation, and sees that it asks each operation of it. */
export async function followAllOf(trade: string, env: { DATA_DIR: string }): Promise<void> {
  const base = `/${trade}/api/v1`
  const { address, output } = await followFromNothing(`docs/${trade}.md`, env)
  const asked = [...output.matchAll(/^([A-Z]+ \/[^\s?]*?)\/?(\?\S*)?: \d{3}$/gm)].map(([, what]) => what!)
  const document = await fetch(`${address}/${trade}/openapi.json`)
  const { paths } = (await document.json()) as { paths: Record<string, object> }
  const operations = Object.entries(paths)
    .filter(([path]) => path.startsWith(base))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path.replace(base, '')}`))
  const missing = operations.filter((operation) => {
    const [method, path] = operation.split(' ') as [string, string]
    const pattern = new RegExp(`^${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
    return !asked.some((one) => pattern.test(one))
  })
  assert.ok(operations.length > 10)
  assert.deepEqual(missing, [])
}

/** The lines of the blocks that are meant; every other line is empty. */
function commandsOf(document: string, isMeant: (block: string) => boolean): string {
  const parts = document.split(/^(```sh\n[^]*?^```$)/m)
  return parts
    .map((part) => {
      const isCode = part.startsWith('```sh\n') && isMeant(part)
      return isCode ? checked(part.replace('```sh', '').replace(/```$/, '')) : part.replaceAll(/[^\n]/g, '')
    })
    .join('')
}

/** What a document says that `pick` prints is what it must print. */
function checked(block: string): string {
  return block.replaceAll(/^(pick .+?) +# (.+)$/gm, `[ "$($1 | tee /dev/stderr)" = '$2' ]`)
}
