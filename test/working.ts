import { sql } from 'kysely'
import type { Consumer } from '../server/queue/relay.ts'
import type { PunctualEvent } from '../server/events/events.ts'
import type { TestApp } from './app.ts'

/** So long a chain of one thing leading to another is a circle. */
const MOST_EVENTS = 10_000

/**
 * Does what the queue would do, here and now: takes what happened and was not handed on yet, in the order in which it
 * happened, and gives it to whom it concerns, until nothing is left; what one event leads to is done, too. What is to
 * wait stays until the program's clock says that it has waited, or `delayed` asks for it. What a consumer fails at is thrown, once everybody had their turn.
 * Answers with the events that were handed on. Not for an app with a queue of its own.
 */
export async function workOff(
  app: Pick<TestApp, 'connection' | 'consumers' | 'now' | 'queue'>,
  { delayed = false }: { delayed?: boolean } = {},
): Promise<PunctualEvent[]> {
  if (app.queue) throw new Error('This app has a queue that does its work.')
  const handed: PunctualEvent[] = []
  const failures: unknown[] = []
  for (let event = await takeNext(app, delayed); event; event = await takeNext(app, delayed)) {
    handed.push(event)
    for (const consumer of app.consumers) await hand(consumer, event).catch((error) => failures.push(error))
    if (handed.length > MOST_EVENTS) throw new Error(`One ${event.kind} leads to the next, without an end.`)
  }
  if (failures.length === 1) throw failures[0]
  if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join('; '))
  return handed
}

async function hand(consumer: Consumer, event: PunctualEvent): Promise<void> {
  if (consumer.kinds.includes(event.kind)) await consumer.handle(event)
}

/** One at a time: what it leads to may have to come before what was there already, and looks at the world as it is then. */
async function takeNext(
  { connection, now }: Pick<TestApp, 'connection' | 'now'>,
  delayed: boolean,
): Promise<PunctualEvent | undefined> {
  const { rows } = await sql<PunctualEvent>`
    update events set relayed_at = ${now()} where id = (
      select id from events
      where relayed_at is null and (${delayed} or
        created_at + coalesce(data ->> 'after_seconds', '0')::integer * interval '1 second' <= ${now()})
      order by id limit 1
    )
    returning id, organization_id, kind, data`.execute(connection.db)
  return rows[0]
}
