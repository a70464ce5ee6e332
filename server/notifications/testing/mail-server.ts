import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

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
  mails: ReceivedMail[]
  /** Set: what is answered to every message in the place of an acceptance. */
  refuses: { code: number; sentence: string } | null
  /** Set: resolves when a message may be accepted. */
  holds: Promise<void> | null
  /** Set: it takes a message and goes away without a word. */
  hangsUp: boolean
  /** How many messages it has got, answered or not. */
  begun: number
  mailsTo(address: string): ReceivedMail[]
  env: Record<string, string>
  stop(): Promise<void>
  /** Where it was before. */
  comeBack(): Promise<void>
}

/** Lets in everybody, unless there is a `password`. */
export async function startMailServer({ password }: { password?: string } = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  const sockets = new Set<Socket>()
  let server = await listen(0)
  const { port } = server.server.address() as AddressInfo
  const mailServer: MailServer = {
    mails,
    refuses: null,
    holds: null,
    hangsUp: false,
    begun: 0,
    mailsTo: (address) => mails.filter(({ to }) => to === address),
    env: { MAIL_SERVER: '127.0.0.1', MAIL_PORT: String(port), MAIL_FROM: 'appointments@punctual.example' },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
    async comeBack() {
      server = await listen(port)
    },
  }
  return mailServer

  async function listen(at: number): Promise<SMTPServer> {
    const listening = new SMTPServer({
      authOptional: password === undefined,
      allowInsecureAuth: true,
      onAuth: (given, _session, done) =>
        given.password === password
          ? done(null, { user: given.username })
          : done(new Error('That is not the password')),
      disabledCommands: ['STARTTLS'],
      // Who keeps a connection for later does not keep us from going.
      closeTimeout: 10,
      onData: (stream, session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', async () => {
          mailServer.begun++
          await mailServer.holds
          done(hear(session, Buffer.concat(chunks).toString()))
        })
      },
    })
    listening.on('error', () => {})
    listening.server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    listening.listen(at, '127.0.0.1')
    await once(listening.server, 'listening')
    return listening
  }

  /** Keeps a mail, or says why not. */
  function hear({ envelope }: SMTPServerSession, raw: string): Error | null {
    if (mailServer.refuses) {
      const { code, sentence } = mailServer.refuses
      return Object.assign(new Error(sentence), { responseCode: code })
    }
    mails.push(mailOf(envelope.rcptTo.map(({ address }) => address).join(), raw))
    if (mailServer.hangsUp) for (const socket of sockets) socket.destroy()
    return null
  }
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
