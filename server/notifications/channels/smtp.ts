import { createTransport, type SentMessageInfo } from 'nodemailer'
import { isThisMachine, type Smtp } from '../../message-settings.ts'
import { mailOf } from './mail.ts'
import { type Outgoing, Refused, type Sender, Unclear, Unreachable } from './channel.ts'

const MILLISECONDS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }
/** For a whole message, waiting for a connection included: less than after what `takeOver` gives it up. */
const PATIENCE_MS = 90_000

/** Sends mail through an SMTP server. */
export function smtp(settings: Smtp, patience_ms = PATIENCE_MS): Sender {
  const { host, port, username, password, encryption, from, from_name } = settings
  const transport = createTransport({
    ...MILLISECONDS,
    pool: true,
    maxConnections: 5,
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    // Nobody listens between a program and its own machine, whose mail server mostly has no certificate of worth.
    ...(isThisMachine(host) && { tls: { rejectUnauthorized: false } }),
    ...(username && { auth: { user: username, pass: password ?? '' } }),
  })
  /** What the server was told to its last line: even if it then falls silent, it may have taken it. */
  const told = new Set<unknown>()
  transport.use('stream', ({ message, data }, done) => {
    message.processFunc((lines) => lines.once('end', () => told.add(data.messageId)))
    done()
  })
  return {
    service: 'smtp',
    async send(message: Outgoing) {
      const mail = mailOf(message, { from, from_name })
      try {
        const signal = AbortSignal.timeout(patience_ms)
        const sent: SentMessageInfo = await transport.sendMail({ ...mail, signal })
        return { external_id: sent.messageId, answer: sent.response ?? 'accepted' }
      } catch (error) {
        throw failureOf(error as SmtpError, told.has(mail.messageId))
      } finally {
        told.delete(mail.messageId)
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

/** 421 is a server that goes away (RFC 5321 §3.8), 530 one that wants us to log in or to encrypt (RFC 4954, 3207). */
const notAboutTheMessage = new Set([421, 530])
const beforeAnyMessage = /^(CONN|EHLO|HELO|STARTTLS|AUTH)/

/** What it refused while we were being introduced was not the message. */
function failureOf({ message, code, responseCode, command = '' }: SmtpError, wasTold: boolean): Error {
  const isRefused = responseCode || code === 'EENVELOPE' || code === 'EMESSAGE'
  if (!isRefused) return wasTold ? new Unclear(message) : new Unreachable(message)
  const isAboutUs = notAboutTheMessage.has(responseCode ?? 0) || beforeAnyMessage.test(command)
  return isAboutUs ? new Unreachable(message) : new Refused(message)
}
