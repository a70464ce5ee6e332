import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  to: string
  /** With its headers, as it came over the wire. */
  raw: string
  header(name: string): string
  /** The parts in the order in which they stand, decoded. */
  parts: { type: string; text: string }[]
}

/** A real SMTP server, which keeps what it gets; it can refuse, be slow, and go away. */
export interface MailServer {
  port: number
  mails: ReceivedMail[]
  /** Set: what is answered to every message in the place of an acceptance. */
  refuses: { code: number; sentence: string } | null
  /** Set: resolves when a message may be accepted. */
  holds: Promise<void> | null
  mailsTo(address: string): ReceivedMail[]
  env: Record<string, string>
  stop(): Promise<void>
}

export async function startMailServer(port = 0): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        await mailServer.holds
        if (mailServer.refuses) {
          const { code, sentence } = mailServer.refuses
          return done(Object.assign(new Error(sentence), { responseCode: code }))
        }
        const to = session.envelope.rcptTo.map(({ address }) => address).join()
        mails.push(mailOf(to, Buffer.concat(chunks).toString()))
        done()
      })
    },
  })
  server.on('error', () => {})
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  const { port: bound } = server.server.address() as AddressInfo
  const mailServer: MailServer = {
    port: bound,
    mails,
    refuses: null,
    holds: null,
    mailsTo: (address) => mails.filter(({ to }) => to === address),
    env: { MAIL_SERVER: '127.0.0.1', MAIL_PORT: String(bound), MAIL_FROM: 'appointments@punctual.example' },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return mailServer
}

function mailOf(to: string, raw: string): ReceivedMail {
  const [head, body] = splitAt(raw, '\r\n\r\n')
  const headers = unfolded(head)
  const header = (name: string) =>
    headers
      .find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `))
      ?.slice(name.length + 2) ?? ''
  return { to, raw, header, parts: partsOf(headers, body) }
}

function partsOf(headers: string[], body: string): { type: string; text: string }[] {
  const of = (name: string) => headers.find((line) => line.toLowerCase().startsWith(`${name}:`)) ?? ''
  const [, boundary] = /boundary="?([^";]+)/.exec(of('content-type')) ?? []
  if (!boundary) {
    const type = of('content-type').slice('content-type: '.length)
    return [{ type, text: decoded(body, of('content-transfer-encoding')) }]
  }
  const inner = body.split(`--${boundary}`).slice(1, -1)
  return inner.flatMap((part) => {
    const [head, content] = splitAt(part.replace(/^\r\n/, ''), '\r\n\r\n')
    return partsOf(unfolded(head), content)
  })
}

function decoded(body: string, encoding: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString()
  if (!/quoted-printable/i.test(encoding)) return body
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)]
}

function unfolded(head: string): string[] {
  return head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
}
