import { createTransport, type SentMessageInfo } from 'nodemailer'
import type { Smtp } from '../../message-settings.ts'
import { mailOf } from './mail.ts'
import { type Outgoing, Refused, type Sender, Unclear, Unreachable } from './channel.ts'

const MILLISECONDS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }

/** Sends mail through an SMTP server. */
export function smtp(settings: Smtp): Sender {
  const { host, port, username, password, encryption, from, from_name } = settings
  const transport = createTransport({
    ...MILLISECONDS,
    pool: true,
    maxConnections: 3,
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    // Nobody listens between a program and its own machine, whose mail server mostly has no certificate of worth.
    ...(isThisMachine(host) && { tls: { rejectUnauthorized: false } }),
    ...(username && { auth: { user: username, pass: password ?? '' } }),
  })
  return {
    service: 'smtp',
    async send(message: Outgoing) {
      try {
        const sent: SentMessageInfo = await transport.sendMail(mailOf(message, { from, from_name }))
        return { external_id: sent.messageId, answer: sent.response ?? 'accepted' }
      } catch (error) {
        throw failureOf(error as SmtpError)
      }
    },
    close: () => transport.close(),
  }
}

interface SmtpError extends Error {
  code?: string
  responseCode?: number
  /** What was being said when it failed. */
  command?: string
}

/** 421 is a server that goes away (RFC 5321 §4.2.2). Before the message was begun with DATA nothing can have been sent. */
function failureOf(error: SmtpError): Error {
  const { message, code, responseCode, command } = error
  if (code === 'EAUTH' || code === 'ETLS') return new Unreachable(message)
  if (responseCode === 421) return new Unreachable(message)
  if (responseCode || code === 'EENVELOPE' || code === 'EMESSAGE') return new Refused(message)
  return command === 'DATA' ? new Unclear(message) : new Unreachable(message)
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
