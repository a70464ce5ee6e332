/** The little of PostgreSQL's frontend/backend protocol 3 that passes between the driver and the database. */

/** Terminate: PGlite would take it for the end of everything. */
export function isTerminate(message: Uint8Array): boolean {
  return message.length === 5 && message[0] === 0x58
}

/** A simple query. */
export function query(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`)
  const message = Buffer.alloc(5 + text.length)
  message.write('Q')
  message.writeUInt32BE(4 + text.length, 1)
  text.copy(message, 5)
  return message
}

/** Ends an extended query that was broken off, be it half sent or failed. */
export const sync: Buffer = Buffer.from([0x53, 0, 0, 0, 4])

/** ReadyForQuery, outside of a transaction. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

/** Whether an answer, or its last piece, says that nothing is open: no query, no transaction. */
export function endsAtRest(answer: Uint8Array): boolean {
  return READY.equals(answer.subarray(-READY.length))
}
