import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Asking } from '../../../test/app.ts'
import { visiting } from '../../../test/cast.ts'
import type { Offices } from './asking.ts'

export interface StreamEvent {
  event: string
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any
}

export interface Stream {
  answer: Response
  heard: StreamEvent[]
  /** Waits until these have been told of appointments, in this order. */
  hears(expected: [event: string, id: string][]): Promise<void>
  /** Resolves when the stream has been ended by the program. */
  ended: Promise<void>
}

/** Listens to what happens at an office, as an EventSource does. */
export async function listen(
  t: TestContext,
  { address }: { address: string },
  { stage, office }: Pick<Offices, 'stage' | 'office'>,
  { token, ticket }: Asking & { ticket?: string },
): Promise<Stream> {
  const leaving = new AbortController()
  t.after(() => leaving.abort())
  const query = new URLSearchParams({ office_id: office.id, ...(ticket !== undefined && { ticket }) })
  const headers = { ...visiting(stage.organization), ...(token && { authorization: `Bearer ${token}` }) }
  const url = `${address}/office/api/v1/appointments/events?${query}`
  const answer = await fetch(url, { headers, signal: leaving.signal })
  const heard: StreamEvent[] = []
  const ended = answer.status === 200 ? read(answer, heard) : Promise.resolve()
  // A test that does not wait for the end leaves it to the end of the test.
  ended.catch(() => {})
  const told = () => heard.filter(({ data }) => data.id).map(({ event, data }) => [event, data.id])
  const hears = (expected: [string, string][]) =>
    t.waitFor(() => assert.deepEqual(told(), expected), { interval: 10, timeout: 20_000 })
  return { answer, heard, hears, ended }
}

async function read(answer: Response, heard: StreamEvent[]): Promise<void> {
  let text = ''
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split('\n\n')
    text = blocks.pop()!
    for (const block of blocks) {
      const [, event, data] = /^event: (\w+)\ndata: (.+)$/.exec(block) ?? []
      if (event) heard.push({ event, data: JSON.parse(data!) })
    }
  }
}
