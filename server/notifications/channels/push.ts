import { createECDH, hkdfSync } from 'node:crypto'
import webPush from 'web-push'
import type { MessageSettings } from '../../message-settings.ts'
import { type Browser, NotSent, type Outgoing, Refused, type Sender, Unreachable } from './channel.ts'
import { post } from './http.ts'
import { postOutside, type Said } from './outside.ts'

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
      const answers = await Promise.allSettled(
        browsers.map((browser) => callUpon(browser, payload, vapidDetails, settings.base_url)),
      )
      const said = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : null))
      const gone = browsers.filter((_, index) => [404, 410].includes(said[index]?.status ?? 0))
      if (said.some((answer) => answer && answer.status < 300)) {
        return {
          answer: said.map((answer) => answer?.status ?? 'no answer').join(', '),
          gone: gone.map(({ id }) => id),
        }
      }
      const failed = answers.find((answer) => answer.status === 'rejected')
      if (failed) throw failed.reason
      if (gone.length === browsers.length)
        throw new NotSent(
          'Every browser of theirs has gone.',
          gone.map(({ id }) => id),
        )
      throw failureOf(said.find((answer) => answer)!)
    },
  }
}

async function callUpon(
  { endpoint, p256dh, auth }: Browser,
  payload: string,
  vapidDetails: VapidKeys & { subject: string },
  base_url: string | undefined,
): Promise<Said> {
  const options = { vapidDetails, TTL: 24 * 3600, contentEncoding: 'aes128gcm' as const }
  const details = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, options)
  const headers = details.headers as Record<string, string | number>
  if (!base_url) return postOutside(endpoint, headers, details.body)
  const { pathname, search } = new URL(endpoint)
  const text = await post(base_url + pathname + search, {
    headers: Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => name.toLowerCase() !== 'content-length')
        .map(([name, value]) => [name, String(value)]),
    ),
    body: new Uint8Array(details.body),
  })
  return { status: 201, text }
}

function failureOf({ status, text }: Said): Error {
  const said = `${status} ${text}`.trim()
  return status === 429 ? new Unreachable(said) : new Refused(said)
}
