import { Refused, Unclear, Unreachable } from './channel.ts'

const PATIENCE_MS = 20_000

/** Whom a connection was never made to, or whose certificate is not theirs: nothing can have been said. */
const neverReached =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|^ERR_(SSL|TLS)_|_SIGNATURE$/
const TOO_MANY_REQUESTS = 429
/** Whoever stands between us and the service has passed it on, and heard no answer in time. */
const passedOn = new Set([408, 502, 504])

export interface Said {
  status: number
  text: string
}

export interface Saying {
  headers: Record<string, string>
  body: string | Uint8Array<ArrayBuffer>
  /** So long it may take to answer. */
  patience_ms?: number
}

/** Asks a service by HTTP POST; answers with what it said, or throws one of the failures of a channel. */
export async function post(url: string, saying: Saying): Promise<string> {
  const said = await say(url, saying)
  if (said.status < 200 || said.status > 299) throw failureOf(said)
  return said.text
}

/** The same, whatever was said. */
export async function say(url: string, { headers, body, patience_ms = PATIENCE_MS }: Saying): Promise<Said> {
  try {
    const signal = AbortSignal.timeout(patience_ms)
    // A redirect would lead what was meant for one address to another.
    const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
    return { status: answer.status, text: await answer.text() }
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Cause }
    const told = [message, cause?.message || cause?.code].filter(Boolean).join(': ')
    throw isNeverReached(cause) ? new Unreachable(told) : new Unclear(told)
  }
}

interface Cause {
  code?: string
  message?: string
  syscall?: string
}

function isNeverReached({ code = '', syscall }: Cause = {}): boolean {
  return syscall === 'connect' || neverReached.test(code)
}

/** Who has too much to do has not listened. */
export function failureOf({ status, text }: Said): Error {
  const said = `${status} ${text.slice(0, 500)}`.trim()
  if (passedOn.has(status)) return new Unclear(said)
  return status === TOO_MANY_REQUESTS ? new Unreachable(said) : new Refused(said)
}

/** What a service says as JSON; nothing where it says something else. */
export function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
