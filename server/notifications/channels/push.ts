import { createECDH, hkdfSync } from 'node:crypto'
import webPush from 'web-push'
import type { MessageSettings } from '../../message-settings.ts'
import { type Browser, NotSent, type Outgoing, type Sender, Unclear } from './channel.ts'
import { failureOf, type Said, say } from './http.ts'
import { postOutside } from './outside.ts'

export interface VapidKeys {
  publicKey: string
  privateKey: string
}

/** The keys by which push services know us (RFC 8292): they follow from the secret key, so that all processes have the same. */
export function vapidKeys(secret_key: string): VapidKeys {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(Buffer.from(hkdfSync('sha256', secret_key, '', 'punctual vapid', 32)))
  return {
    publicKey: ecdh.getPublicKey('base64url'),
    privateKey: ecdh.getPrivateKey().toString('base64url').padStart(43, 'A'),
  }
}

/** Calls upon browsers that have asked for it (RFC 8030, 8291); one that has gone is told of. */
export function push(settings: MessageSettings['push'], keys: VapidKeys): Sender {
  const vapidDetails = { ...keys, subject: settings.subject ?? 'mailto:nobody@example.org' }
  return {
    service: 'push',
    async send({ subject, short, browsers = [] }: Outgoing) {
      const payload = JSON.stringify({ title: subject, body: short })
      const answers = await Promise.all(
        browsers.map((browser) => callUpon(browser, payload, vapidDetails, settings.base_url)),
      )
      const gone = browsers.filter((_, index) => isGone(answers[index]!)).map(({ id }) => id)
      if (answers.some(isTaken)) return { answer: answers.map(wordFor).join(', '), gone }
      const others = answers.filter((answer) => !isGone(answer))
      if (others.length === 0) throw new NotSent('Every browser of theirs has gone.', gone)
      throw worstOf(others)
    },
  }
}

/** What a push service said, or why it said nothing. */
type Answer = Said | Error

const isTaken = (answer: Answer) => !(answer instanceof Error) && answer.status >= 200 && answer.status < 300
const isGone = (answer: Answer) => !(answer instanceof Error) && [404, 410].includes(answer.status)
const wordFor = (answer: Answer) => (answer instanceof Error ? 'no answer' : answer.status)

/** Where one of several browsers may have been reached, all of them may not be called upon again. */
function worstOf(answers: Answer[]): Error {
  const failures = answers.map((answer) => (answer instanceof Error ? answer : failureOf(answer)))
  return failures.find((failure) => failure instanceof Unclear) ?? failures[0]!
}

async function callUpon(
  { endpoint, p256dh, auth }: Browser,
  payload: string,
  vapidDetails: VapidKeys & { subject: string },
  base_url: string | undefined,
): Promise<Answer> {
  const options = { vapidDetails, TTL: 24 * 3600, contentEncoding: 'aes128gcm' as const }
  try {
    const details = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, options)
    const headers = textOf(details.headers)
    const body = new Uint8Array(details.body!)
    if (!base_url) return await postOutside(endpoint, headers, body)
    const { pathname, search } = new URL(endpoint)
    return await say(base_url + pathname + search, { headers, body })
  } catch (error) {
    return error as Error
  }
}

/** How long the body is, whoever sends it knows. */
function textOf(headers: Record<string, unknown>): Record<string, string> {
  const wanted = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length')
  return Object.fromEntries(wanted.map(([name, value]) => [name, String(value)]))
}
