import type { Audience } from '../kinds.ts'

/** A message as it is to be said, for any channel. */
export interface Outgoing {
  /** Of the notification: by it the same message is known again, should it be sent twice. */
  id: string
  audience: Audience
  to: { name: string; address: string }
  /** Who speaks: the organization. */
  from_name: string
  subject: string
  text: string
  html: string
  short: string
  /** An invitation, or its withdrawal, as RFC 5546 has it. */
  calendar?: { method: 'REQUEST' | 'CANCEL'; content: string }
  /** Of a push: the browsers that have asked for it. */
  browsers?: Browser[]
}

export interface Browser {
  id: string
  endpoint: string
  p256dh: string
  auth: string
}

export interface Delivered {
  /** By which the service knows the message. */
  external_id?: string
  /** What it said, for people to read. */
  answer: string
  /** Browsers that have gone. */
  gone?: string[]
}

/** What speaks to a service. It throws one of the failures below and nothing else that it can foresee. */
export interface Sender {
  /** smtp, resend, twilio, http, push or log. */
  service: string
  send(message: Outgoing): Promise<Delivered>
  close?(): void
}

/** The service has heard it and said no. */
export class Refused extends Error {}

/** The service was not there, or could not be spoken to: nothing has been said. */
export class Unreachable extends Error {}

/** The service was spoken to and did not answer: it may have sent the message, or not. */
export class Unclear extends Error {}

/** Nothing is sent to this address, and nothing is wrong. */
export class NotSent extends Error {
  /** Browsers that have gone. */
  readonly gone: string[]

  constructor(message: string, gone: string[] = []) {
    super(message)
    this.gone = gone
  }
}
