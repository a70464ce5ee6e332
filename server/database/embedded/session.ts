import type { PGlite } from '@electric-sql/pglite'
import type { Bytes } from './messages.ts'
import { gather } from './pieces.ts'
import { endsAtRest, query, sync } from './protocol.ts'

/** PGlite's one session, spoken to in PostgreSQL's protocol. Only one thing may be done with it at a time. */
export interface Session {
  /** Whether nothing is open: no transaction, no half sent query. */
  atRest(): boolean
  /** Executes messages of the protocol and hands the answer on in pieces. What PostgreSQL refuses is in the answer. */
  execute(messages: Uint8Array, handOn: (bytes: Bytes) => void): Promise<void>
  /** Undoes what is open and forgets every setting, statement and temporary table. Throws where that fails. */
  reset(): Promise<void>
}

export function sessionOf(db: PGlite): Session {
  let at_rest = true

  async function execute(messages: Uint8Array, handOn: (bytes: Bytes) => void) {
    let end: Uint8Array = new Uint8Array()
    const answer = gather(handOn)
    await db.execProtocolRawStream(messages, {
      syncToFs: false,
      onRawData(piece) {
        end = endOf(end, piece)
        answer.add(piece)
      },
    })
    answer.flush()
    at_rest = endsAtRest(end)
  }

  async function reset() {
    await execute(FORGET, () => {})
    if (!at_rest) throw new Error('what a connection left open could not be undone')
  }

  return { atRest: () => at_rest, execute, reset }
}

/** The rollback is a mere warning where no transaction is open. */
const FORGET = Buffer.concat([sync, query('rollback'), query('discard all')])

/** PostgreSQL answers in pieces of 8 kB, and its last message may lie across two of them. */
function endOf(end: Uint8Array, piece: Uint8Array): Uint8Array {
  if (piece.length >= 16) return piece.slice(-16)
  return new Uint8Array([...end, ...piece]).slice(-16)
}
