import type { Resend } from '../../message-settings.ts'
import type { Outgoing, Sender } from './channel.ts'
import { parsed, post } from './http.ts'
import { FILENAME, messageIdOf } from './mail.ts'

/** Sends mail through Resend. */
export function resend(settings: Resend, patience_ms?: number): Sender {
  const { api_key, base_url, from, from_name } = settings
  return {
    service: 'resend',
    async send(message: Outgoing) {
      const { id, to, subject, text, html, calendar } = message
      const body = {
        from: mailbox(from_name ?? message.from_name, from),
        to: [to.address],
        subject,
        text,
        html,
        headers: { 'Message-ID': messageIdOf(id, from) },
        ...(calendar && { attachments: [attachment(calendar)] }),
      }
      const said = await post(`${base_url}/emails`, {
        headers: {
          authorization: `Bearer ${api_key}`,
          'content-type': 'application/json',
          // Asked twice with one key, Resend sends once.
          'idempotency-key': id,
        },
        body: JSON.stringify(body),
        patience_ms,
      })
      const { id: external_id } = parsed(said)
      return { answer: said, ...(typeof external_id === 'string' && { external_id }) }
    },
  }
}

/** A name is quoted (RFC 5322 §3.2.4) and cannot end its quotation. */
function mailbox(name: string, address: string): string {
  return `"${name.replaceAll(/["\\\p{Cc}]/gu, '')}" <${address}>`
}

function attachment({ method, content }: { method: string; content: string }) {
  return {
    filename: FILENAME,
    content: Buffer.from(content).toString('base64'),
    content_type: `text/calendar; charset=utf-8; method=${method}`,
  }
}
