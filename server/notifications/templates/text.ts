import type { audiencesOf, Kind } from '../kinds.ts'

/** A message in Liquid: the subject of a mail, its paragraphs, and the few words of an SMS or a push. */
export interface Text {
  subject: string
  content: string
  short: string
}

/** Such as `booked.client`: each kind, for each of those to whom it is written. */
export type TemplateName = { [K in Kind]: `${K}.${(typeof audiencesOf)[K][number]}` }[Kind]
export type Texts = Record<TemplateName, Text>

/** Paragraphs of a mail, as they stand in a template. */
export const paragraphs = (...all: string[]): string => all.join('\n\n')

/** What differs by who did it: the reader, somebody else, or nobody (the clock, or it is not theirs to know). */
export const byWhom = (reader: string, somebody: string, nobody: string): string =>
  `{% if by.is_recipient %}${reader}{% elsif by.name %}${somebody}{% else %}${nobody}{% endif %}`

/** What differs by whether an appointment is fixed, or waits for its client, or for somebody else. */
export const byState = (fixed: string, client: string, others: string): string =>
  `{% if appointment.is_pending and appointment.client_confirms %}${client}{% elsif appointment.is_pending %}${others}{% else %}${fixed}{% endif %}`

/** What is said only where it is known. */
export const where = (fact: string, text: string): string => `{% if ${fact} %}${text}{% endif %}`

/** For how long a link is good, in hours or, from two days on, in days. */
export const linkIsGood = (hour: string, hours: string, days: string): string =>
  where(
    'link_hours',
    `{% if link_hours == 1 %}${hour}{% elsif link_hours < 48 %}${hours}{% else %}{% assign link_days = link_hours | divided_by: 24 | floor %}${days}{% endif %}`,
  )

/** An SMS says from whom it is. */
export const sender = '{{ organization.name | truncate: 40 }}: '
export const zone = where('appointment.zone', ' ({{ appointment.zone }})')
/** Said in an SMS where it says more than the sender does. */
export const placeShort =
  '{% if appointment.location and appointment.location != organization.name %}, {{ appointment.location | truncate: 30 }}{% endif %}'
