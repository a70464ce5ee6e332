import { relative, resolve } from 'node:path'
import type { EventData } from 'node:test'
import type { TestEvent } from 'node:test/reporters'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a run of tests came to, for the last lines of `npm test`. */
export interface Outcome {
  passed: number
  failed: number
  skipped: number
  /** A line for each, and what a file that fell over as a whole had to say about it. */
  failures: string[]
}

/** Longer than any one test may take, so it ends only files that would never end. */
const silence_ms = 180_000

/** A reporter for `node --test`, beside the one for people: its text is an Outcome as JSON. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const outcome: Outcome = { passed: 0, failed: 0, skipped: 0, failures: [] }
  const running = new Set<string>()
  const complaints = new Map<string, string>()

  for await (const { type, data } of untilSilent(events)) {
    if (type === 'test:dequeue' && isFile(data)) running.add(data.name)
    if (type === 'test:complete' && isFile(data)) running.delete(data.name)
    if (type === 'test:stderr') note(complaints, data.file, data.message)
    // What a test does after its end is told of its process; without this nobody would know which test it was.
    if (type === 'test:diagnostic' && data.entryFile && data.nesting === 0) {
      note(complaints, data.entryFile, `${data.message}\n`)
    }
    if (type === 'test:pass') countPass(outcome, data)
    if (type === 'test:fail') countFailure(outcome, data, complaints.get(data.file ?? '') ?? '')
  }
  for (const file of running) countAsFailed(outcome, `${file}  did not end: something in it is still open`)
  yield JSON.stringify(outcome)

  if (running.size > 0) {
    await sleep(1_000)
    process.exit(1)
  }
}

/** All events, or those until none comes for long, because all files that still run keep something open. */
async function* untilSilent(events: AsyncIterable<TestEvent>): AsyncGenerator<TestEvent> {
  const iterator = events[Symbol.asyncIterator]()
  for (;;) {
    const heard = new AbortController()
    const silence = sleep(silence_ms, undefined, { signal: heard.signal }).catch(() => undefined)
    const next = await Promise.race([iterator.next(), silence])
    heard.abort()
    if (!next || next.done) return
    yield next.value
  }
}

/** The runner counts each file as a test, too; only those come from no other file. */
function isFile(data: EventData.LocationInfo): boolean {
  return data.entryFile === undefined
}

/** A worker's own look at what a file has left behind is no promise to anybody, unless it finds something. */
function isWorkers({ file }: EventData.TestPass): boolean {
  return file?.endsWith('/test/worker.ts') ?? false
}

function note(complaints: Map<string, string>, file: string, message: string): void {
  const path = resolve(file)
  complaints.set(path, (complaints.get(path) ?? '') + message)
}

function countPass(outcome: Outcome, pass: EventData.TestPass): void {
  if (pass.skip !== undefined || pass.todo !== undefined) outcome.skipped++
  else if (pass.details.type !== 'suite' && !isFile(pass) && !isWorkers(pass)) outcome.passed++
}

function countFailure(outcome: Outcome, failure: EventData.TestFail, complaint: string): void {
  const { name, file, details, todo } = failure
  if (todo !== undefined) outcome.skipped++
  else if (!isOnlyOfItsTests(details.error)) {
    countAsFailed(
      outcome,
      isFile(failure) ? `${name}\n${complaint}` : `${relative('.', file ?? '')}  ${name}`,
    )
  } else if (details.type !== 'suite') outcome.failed++
}

function isOnlyOfItsTests(error: Error): boolean {
  return 'failureType' in error && error.failureType === 'subtestsFailed'
}

function countAsFailed(outcome: Outcome, sentence: string): void {
  outcome.failed++
  outcome.failures.push(sentence)
}
