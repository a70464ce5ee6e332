import { Refused, Unclear, Unreachable } from './channel.ts'

const PATIENCE_MS = 20_000

/** Whom a connection was never made to: nothing can have been said. */
const neverReached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])
const TOO_MANY_REQUESTS = 429

/** Asks a service by HTTP POST; answers with what it said, or throws one of the failures of a channel. */
export async function post(
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string | Uint8Array<ArrayBuffer> },
): Promise<string> {
  let answer: Response
  let text: string
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    // A redirect would lead what was meant for one address to another.
    answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
    text = await answer.text()
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string; message?: string } }
    const said = [message, cause?.message || cause?.code].filter(Boolean).join(': ')
    throw neverReached.has(cause?.code ?? '') ? new Unreachable(said) : new Unclear(said)
  }
  if (answer.ok) return text
  const said = `${answer.status} ${text.slice(0, 500)}`.trim()
  throw answer.status === TOO_MANY_REQUESTS ? new Unreachable(said) : new Refused(said)
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
