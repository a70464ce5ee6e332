import type { Bytes, Chore, ToWorker } from './messages.ts'
import type { Session } from './session.ts'

type OfConnection = Extract<ToWorker, { connection: number }>
type OfChore = Extract<ToWorker, { kind: 'chore' }>

export interface Surroundings {
  answer(connection: number, bytes: Bytes): void
  /** Does the chore and reports how it went; throws nothing. */
  doChore(number: number, chore: Chore): Promise<void>
  /** The query that runs from now on began now; `undefined`: none runs. */
  began(at: bigint | undefined): void
  /** The session can no longer be used. */
  broke(error: unknown): void
}

/**
 * One thing at a time. A connection has the session to itself until it says close, so that its transaction and its
 * settings are nobody else's: the driver lets a successor in before the client it drops has said so. Chores wait until
 * no transaction is open.
 */
export function createQueue(session: Session, { answer, doChore, began, broke }: Surroundings) {
  const messages: OfConnection[] = []
  const chores: OfChore[] = []
  let current: number | undefined
  let work: Promise<void> | undefined
  let finished = false

  function take(message: OfConnection | OfChore): void {
    if (finished) return
    if (message.kind === 'chore') chores.push(message)
    else messages.push(message)
    work ??= workOff()
      .catch(broke)
      .finally(() => (work = undefined))
  }

  async function workOff(): Promise<void> {
    for (let next = pick(); next; next = pick()) await next()
  }

  function pick(): (() => Promise<void>) | undefined {
    const chore = session.atRest() ? chores.shift() : undefined
    if (chore) return () => doChore(chore.number, chore.chore)
    const at = messages.findIndex(({ connection }) => current === undefined || connection === current)
    const [message] = at < 0 ? [] : messages.splice(at, 1)
    return message && (() => obey(message))
  }

  async function obey(message: OfConnection): Promise<void> {
    const { connection } = message
    if (message.kind === 'close') return connection === current ? leave() : undefined
    current = connection
    began(process.hrtime.bigint())
    await session.execute(message.bytes, (bytes) => answer(connection, bytes))
    began(undefined)
  }

  async function leave(): Promise<void> {
    await session.reset()
    current = undefined
  }

  /** Waits for what is being done, and undoes what is open. Nothing is taken any more. */
  async function finish(): Promise<void> {
    finished = true
    await work
    await session.reset()
  }

  return { take, finish }
}
