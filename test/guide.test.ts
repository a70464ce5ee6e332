import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { dataFolder, killPrograms, type Program, startProgram } from './program.ts'

const project = dirname(import.meta.dirname)
const guide = readFileSync(join(project, 'docs/api.md'), 'utf8')
const data = dataFolder()

let program: Program
/** What each request of the guide was answered with. */
let asked: { method: string; path: string }[] = []

before(async () => {
  const { PUNCTUAL_NOW } = process.env
  program = await startProgram({ DATA_DIR: data.folder, ...(PUNCTUAL_NOW && { PUNCTUAL_NOW }) }, 'demo')
})
after(() => {
  killPrograms()
  data.remove()
})

test('answers every request of the guide as the guide says', { timeout: 300_000 }, async () => {
  const { code, output } = await follow('docs/api.md', guide)
  assert.equal(code, 0, `…${output.slice(-2500)}`)
  asked = [...output.matchAll(/^([A-Z]+) (\/\S*): \d{3}$/gm)].map(([, method, path]) => ({
    method: method!,
    path: path!.split('?')[0]!,
  }))
})

test('shows every operation that there is', async () => {
  const document = await fetch(`${program.address}/openapi.json`)
  const { paths } = (await document.json()) as { paths: Record<string, object> }
  // Pictures and the document itself are fetched without `ask`, which is for text.
  const shown = [...guide.matchAll(/^curl .*?"\S*?(\/[^"]*)"/gm)].map(([, path]) => path!)
  const missing = Object.entries(paths).flatMap(([path, methods]) => {
    const pattern = new RegExp(`${path.replace('/api/v1', '').replaceAll(/\{\w+\}/g, '[^/]+')}$`)
    const isAsked = (method: string) =>
      asked.some((one) => one.method === method.toUpperCase() && one.path.search(pattern) === 0)
    return Object.keys(methods)
      .filter((method) => !isAsked(method) && !(method === 'get' && shown.some((one) => pattern.test(one))))
      .map((method) => `${method} ${path}`)
  })
  assert.deepEqual(missing, [])
})

test('names every code that a refusal can have', () => {
  const source = globSync('server/**/*.ts', { cwd: project, exclude: (path) => path.endsWith('.test.ts') })
  const codes = source.flatMap((file) => {
    const text = readFileSync(join(project, file), 'utf8')
    return [...text.matchAll(/^ +(?:override )?readonly code(?:: string)? = '([a-z_]+)'/gm)].map(
      ([, code]) => code!,
    )
  })
  assert.ok(codes.length > 40)
  const [, table = ''] = guide.split('## Refusals')
  const named = new Set([...table.matchAll(/`(\w+)`/g)].map(([, code]) => code))
  const missing = codes.filter((code) => !named.has(code))
  assert.deepEqual(missing, [])
})

test('gives a time to the first who asks, and refuses it to the second, as the README says', async () => {
  const readme = readFileSync(join(project, 'README.md'), 'utf8')
  const { code, output } = await follow('README.md', readme, (block) => block.includes('curl'))
  assert.equal(code, 0, output)
  assert.match(output, /"state":"confirmed"[^]*\b409\s*$/)
})

/**
 * Runs the blocks of a document in one bash, with the address of the program put in. Each stays on its line, so that the
 * line that fails is told as that of the document.
 */
async function follow(name: string, document: string, isMeant: (block: string) => boolean = () => true) {
  const folder = mkdtempSync(join(tmpdir(), 'punctual-guide-'))
  const trap = `trap 'echo "${name}, line $LINENO: $BASH_COMMAND" >&2' ERR; set -euo pipefail; `
  const script = join(folder, 'guide.sh')
  writeFileSync(
    script,
    trap + commandsOf(document, isMeant).replaceAll('http://127.0.0.1:3000', program.address),
  )
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)
  const child = spawn('bash', [script], {
    cwd: folder,
    env: { PATH, TMPDIR: folder },
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
