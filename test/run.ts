import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { howToInstall, postgresBinaries, startPostgres } from './postgres.ts'
import { apart, processes, workers } from './grouping.ts'
import { fillQueue } from './queue.ts'
import type { Outcome } from './reporter.ts'

const usage = 'npm test -- [file or folder …] [--grep name] [--coverage]'
const project = dirname(import.meta.dirname)

/** What one process has compiled, the next need not. */
const compiled = join(project, 'node_modules/.cache/punctual/compiled')

/** What is looked at before the tests: a heading and its commands. */
const checks = {
  types: ['.', 'engine', 'web'].filter(hasTypes).map((folder) => `tsc -p ${folder}`),
  lint: ['oxlint --deny-warnings'],
  borders: ['node test/borders.ts'],
  format: ['oxfmt --check'],
}

const unmeasured = ['**/*.test.ts', '**/*.reference.ts', 'test/**', 'bench/**', 'demo/**', 'node_modules/**']
const measuring = [
  '--experimental-test-coverage',
  ...unmeasured.map((files) => `--test-coverage-exclude=${files}`),
]

const total: Outcome = { passed: 0, failed: 0, skipped: 0, failures: [] }
const children = new Set<ChildProcess>()
let interrupted = false

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt)
await everything(readArguments())
for (const failure of total.failures) console.log(`\n✖ ${failure}`)
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = interrupted ? 130 : Math.min(total.failed, 1)

interface Wishes {
  asked: string[]
  grep?: string
  coverage?: boolean
}

async function everything({ asked, grep, coverage }: Wishes): Promise<void> {
  const database = process.env.TEST_DATABASE
  if (database && database !== 'embedded' && database !== 'postgresql') {
    return fail(`TEST_DATABASE is ${database}; it is embedded or postgresql, or not set, which is both.`)
  }
  const files = (asked.length > 0 ? asked : [project]).flatMap(testFiles)
  const flags = grep ? [`--test-name-pattern=${grep}`] : []

  // Whoever names a test waits for that one and not for everything else.
  if (asked.length === 0 && !grep) await lookAtCode()
  const isEverythingOnBoth = asked.length === 0 && !database && !coverage && hasPostgres()
  const embedded = isEverythingOnBoth ? files.filter((file) => !isTranslation(file)) : files
  if (database !== 'postgresql') await testEmbedded(embedded, coverage ? [...flags, ...measuring] : flags)
  if (database !== 'embedded') await testPostgres(files.filter(usesDatabase), flags)
}

function readArguments(): Wishes {
  try {
    const options = { grep: { type: 'string' }, coverage: { type: 'boolean' } } as const
    const { positionals, values } = parseArgs({ options, allowPositionals: true })
    return { asked: positionals, ...values }
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    process.exit(2)
  }
}

function testFiles(asked: string): string[] {
  const path = resolve(asked)
  if (!existsSync(path)) {
    fail(`There is no ${asked}.`)
    return []
  }
  if (statSync(path).isFile()) return [relative(project, path)]
  const found = globSync('**/*.test.ts', { cwd: path, exclude: isForeign })
  return found.map((file) => relative(project, join(path, file))).toSorted()
}

function isForeign(path: string): boolean {
  return /(^|\/)(node_modules|dist|coverage)$|^data$/.test(path)
}

/**
 * Both databases must keep the same promises; a file that needs one is known by how it begins its app. The demo makes none:
 * filling it once is enough.
 */
function usesDatabase(file: string): boolean {
  if (file.startsWith('demo/')) return false
  const begins = /\btest\/app\.ts\b|\b(startApp|raceGround|newHome|testDatabase|emptyDatabase)\b/
  return begins.test(readFileSync(join(project, file), 'utf8'))
}

/**
 * A dialect translates and decides nothing, so that its own tests need only one database where the whole is tested on
 * both; its walks and races in test/ are on both: docs/decisions/dialects-on-one-database.md.
 */
function isTranslation(file: string): boolean {
  return file.startsWith('dialects/') && usesDatabase(file)
}

function hasPostgres(): boolean {
  return Boolean(process.env.TEST_POSTGRES_URL) || postgresBinaries() !== null
}

function hasTypes(folder: string): boolean {
  return existsSync(join(project, folder, 'tsconfig.json'))
}

async function lookAtCode(): Promise<void> {
  for (const [heading, commands] of Object.entries(checks)) {
    await step(heading, async () => {
      let isClean = true
      for (const command of commands) isClean = (await run(command.split(' '))) && isClean
      if (isClean) total.passed++
      else fail(`${heading}: see above`)
      return isClean
    })
  }
}

async function testEmbedded(files: string[], flags: string[]): Promise<void> {
  if (files.length === 0) return
  await step('tests on the embedded database', () => runTests(files, flags, { TEST_DATABASE: 'embedded' }))
}

async function testPostgres(files: string[], flags: string[]): Promise<void> {
  if (files.length === 0) return
  if (!hasPostgres()) return withoutPostgres(files)
  const given = process.env.TEST_POSTGRES_URL
  await step('tests on PostgreSQL', async () => {
    const own = given ? undefined : await startPostgres()
    try {
      const url = given ?? own?.url
      return await runTests(files, flags, { TEST_DATABASE: 'postgresql', TEST_POSTGRES_URL: url })
    } finally {
      await own?.stop()
    }
  })
}

function withoutPostgres(files: string[]): void {
  const { CI, REQUIRE_POSTGRES } = process.env
  if (CI === 'true' || REQUIRE_POSTGRES === '1')
    return fail(`The tests on PostgreSQL must run. ${howToInstall}`)
  total.skipped += files.length
  console.log(`\n!!! ${files.length} files were NOT tested on PostgreSQL. ${howToInstall}`)
}

async function runTests(
  files: string[],
  flags: string[],
  env: Record<string, string | undefined>,
): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'punctual-outcome-'))
  const result = join(folder, 'outcome.json')
  const limits = [`--test-concurrency=${processes}`, '--test-timeout=120000']
  const forPeople = ['--test-reporter=spec', '--test-reporter-destination=stdout']
  const forUs = ['--test-reporter=./test/reporter.ts', `--test-reporter-destination=${result}`]
  // What comes from the cache is measured less precisely.
  const faster = flags.includes(measuring[0]!) ? {} : { NODE_COMPILE_CACHE: compiled }
  // Whoever looks for one test by its name needs the runner to see the files themselves.
  const isSearch = flags.some((flag) => flag.startsWith('--test-name-pattern'))
  const [alone, together] = isSearch ? [files, []] : apart(files)
  const queue = fillQueue(folder, together)
  const entries = together.length > 0 ? [...alone, ...workers(folder)] : alone
  const testing = ['node', '--test', ...limits, ...forPeople, ...forUs, ...flags, ...entries]
  const succeeded = await run(testing, { ...env, ...faster, TEST_QUEUE: folder })
  const outcome = readOutcome(result, succeeded)
  for (const file of interrupted ? [] : queue.unfinished()) {
    outcome.failed++
    outcome.failures.push(`${file}  did not end: the process it ran in fell over`)
  }
  rmSync(folder, { recursive: true })

  total.passed += outcome.passed
  total.failed += outcome.failed
  total.skipped += outcome.skipped
  total.failures.push(...outcome.failures.map((failure) => `${env.TEST_DATABASE}: ${failure}`))
  return outcome.failed === 0
}

/** A run that failed without a failed test (it was interrupted, or fell over) must not pass for a good one. */
function readOutcome(path: string, succeeded: boolean): Outcome {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const outcome: Outcome = text ? JSON.parse(text) : { passed: 0, failed: 0, skipped: 0, failures: [] }
  if (succeeded || outcome.failed > 0) return outcome
  return { ...outcome, failed: 1, failures: ['the run itself failed'] }
}

function fail(sentence: string): void {
  total.failed++
  total.failures.push(sentence)
}

async function step(heading: string, work: () => Promise<boolean>): Promise<void> {
  if (interrupted) return
  console.log(`\n▸ ${heading}`)
  const begun = performance.now()
  const passed = await work().catch((error: Error) => {
    fail(`${heading}: ${error.message}`)
    return false
  })
  console.log(`  ${passed ? 'passed' : 'FAILED'} after ${((performance.now() - begun) / 1000).toFixed(1)} s`)
}

/** True when the command succeeded. What it leaves running ends with it, for it has a process group of its own. */
async function run([program = '', ...args]: string[], env: Record<string, string | undefined> = {}) {
  if (interrupted) return false
  const PATH = [join(project, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  const child = spawn(program, args, {
    cwd: project,
    env: { ...process.env, PATH, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  children.add(child)
  const { promise: succeeded, resolve: settle } = Promise.withResolvers<boolean>()
  child.on('error', (error) => {
    console.error(error.message)
    settle(false)
  })
  child.on('exit', (code) => settle(code === 0))
  const success = await succeeded
  children.delete(child)
  endGroup(child, 'SIGKILL')
  return success
}

function interrupt(): void {
  interrupted = true
  for (const child of children) {
    endGroup(child, 'SIGTERM')
    setTimeout(endGroup, 3_000, child, 'SIGKILL').unref()
  }
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid) process.kill(-pid, signal)
  } catch {
    // Everyone in it has gone already.
  }
}
