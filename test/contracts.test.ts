import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const project = dirname(import.meta.dirname)
const page = readFileSync(join(project, 'docs/contracts.md'), 'utf8')

/** What a row may wait for. */
const works = new Set(['the web app', 'the work on limits and hardening', 'the work on speed and running it'])

const rows = page.split(/^##+ /m).flatMap((section) =>
  section
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\| (row|---) \|/.test(line))
    .map((line) => ({ section, line, ...partsOf(line) })),
)

test('names only files that are there', () => {
  const named = [...page.matchAll(/`([^`\s]+\.ts)`/g)].map(([, path]) => path!)
  assert.ok(named.length > 300)
  const missing = named.filter((path) => !existsSync(join(project, path)))
  assert.deepEqual(missing, [])
})

test('names only tests that are in the file before them', () => {
  const missing = rows.flatMap(({ id, shown_by }) => {
    let path = ''
    return [...shown_by.matchAll(/`([^`]+)`|"([^"]*)"/g)].flatMap(([, file, name]) => {
      if (file) path = file
      return file || testsIn(path).some((known) => known.test(name!)) ? [] : [`${id}: ${path} "${name}"`]
    })
  })
  assert.deepEqual(missing, [])
})

test('has each row once, and leaves none out', () => {
  assert.ok(rows.length > 500)
  const ids = rows.map(({ id }) => id)
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at)
  assert.deepEqual(twice, [])
  const strays = rows.filter((row, at) => !follows(row, rows[at - 1]))
  assert.deepEqual(
    strays.map(({ line }) => line),
    [],
  )
})

test('says of each row what shows it, or what brings it', () => {
  const unsaid = rows.filter(({ what, shown_by }) => !what || !shown_by || shown_by.includes('TODO'))
  assert.deepEqual(
    unsaid.map(({ line }) => line),
    [],
  )
  // The name of a test may say so of something else.
  const outside = rows.map(({ shown_by }) => shown_by.replaceAll(/"[^"]*"/g, ''))
  const awaited = outside.flatMap((text) => [...text.matchAll(/\bcomes? with ([^;:,(]+)/g)])
  const unknown = awaited.map(([, work]) => work!.trim()).filter((work) => !works.has(work))
  assert.deepEqual(unknown, [])
})

type Row = (typeof rows)[number]

/** The cells of a row, and what its id is made of: SCH-E04a is the fourth of SCH-E, with a letter. */
function partsOf(line: string) {
  const [, id = '', what = '', shown_by = '', ...rest] = line.split('|').map((cell) => cell.trim())
  const [, series, digits, letter] =
    /^([A-Z]{3}-[A-Z]|X-)(\d+)([a-z]?)$/.exec(rest.length === 1 ? id : '') ?? []
  return { id, what, shown_by, series, number: Number(digits), letter }
}

/** Each series begins at one; each kind of contradiction begins with a ten. */
function follows({ section, series, number, letter }: Row, before?: Row): boolean {
  if (!before || before.section !== section) return number === 1 || (series === 'X-' && number % 10 === 0)
  return before.series === series && number === before.number + (letter ? 0 : 1)
}

/** The names of the tests in a file; what a template puts in may be anything. */
function testsIn(path: string): RegExp[] {
  const file = join(project, path)
  if (!path.endsWith('.test.ts') || !existsSync(file)) return []
  const calls = readFileSync(file, 'utf8').matchAll(
    /^ *(?:it|test|describe|suite)\(\s*(['"`])((?:\\.|(?!\1)[^\\])+)\1/gm,
  )
  return [...calls].map(([, quote, name]) => {
    const parts = quote === '`' ? name!.split(/\$\{[^}]*\}/) : [name!]
    const plain = parts.map((part) => RegExp.escape(part.replaceAll(/\\(.)/g, '$1')))
    return new RegExp(`^${plain.join('.+')}$`)
  })
}
