import type { Channel } from '../kinds.ts'

/**
 * What a template can say: already in the recipient's language, zone and words, so that a template is words and nothing
 * else. What is not known, or not theirs to know, is absent.
 */
export interface Facts {
  organization: { name: string }
  recipient: { name: string }
  /** By which it is said: nobody can answer a push. */
  channel?: Channel
  /** "appointment", "meeting", "visit": what the organization calls it. */
  words: { appointment: string; provider: string; client: string; location: string }
  appointment?: AppointmentFacts
  /** Of a move: when and with whom it was before. */
  before?: { date: string; time: string; provider: string }
  /** Who did it: "you", where it was the recipient; nobody where the clock did. */
  by?: { name: string; is_recipient: boolean }
  reason?: string
  /** Of an account: the page that the link opens, and for how many hours it is good. */
  link?: string
  link_hours?: number
  /** Of a summary: the day, and what it holds in order. */
  day?: string
  appointments?: AppointmentFacts[]
}

export interface AppointmentFacts {
  /** By which it is named in an SMS: short enough to type. */
  code: string
  /** "Tuesday, 2 March 2027". */
  date: string
  /** "14:00". */
  time: string
  ends: string
  /** Where the recipient reads another zone than the organization's: "Europe/Berlin". */
  zone?: string
  state: string
  /** Waits for being confirmed; by its client (then the recipient may be asked to), or by who attends. */
  is_pending: boolean
  client_confirms: boolean
  /** So long before the time its client is asked to come. */
  arrive_minutes_early?: number
  provider: string
  client: string
  dependent?: string
  service?: string
  location?: string
  address?: string
  notes?: string
  /** Values of the trade's own fields that everybody concerned may see: label and value. */
  details: { label: string; value: string }[]
}
