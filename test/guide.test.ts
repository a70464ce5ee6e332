import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { follow } from './following.ts'
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
  const { code, output } = await follow('docs/api.md', program)
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
  const only = (block: string) => block.includes('curl')
  const { code, output } = await follow('README.md', { ...program, only })
  assert.equal(code, 0, output)
  assert.match(output, /"state":"confirmed"[^]*\b409\s*$/)
})
