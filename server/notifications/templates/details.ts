import type { Language } from '../kinds.ts'
import type { AppointmentFacts, Facts } from './facts.ts'
import { labels } from './labels.ts'

/** One line of the table: what it is about, and what is known of it. */
export interface Row {
  label: string
  lines: string[]
}

/** What stands in the table of a mail: an appointment, or all those of a day. */
export function detailsOf(facts: Facts, language: Language): Row[] {
  if (facts.appointment) return rowsOf(facts.appointment, facts, language)
  return (facts.appointments ?? []).map((appointment) => rowOfDay(appointment, facts, language))
}

function rowsOf(appointment: AppointmentFacts, facts: Facts, language: Language): Row[] {
  const say = labels[language]
  const rows: [string, (string | undefined)[]][] = [
    [say.when, [appointment.date, span(appointment)]],
    [say.before, earlierOf(appointment, facts)],
    [say.with, [unlessTheirs(appointment.provider, facts)]],
    [say.for, [whose(appointment, facts)]],
    [say.what, [appointment.service]],
    [say.where, placeOf(appointment)],
    ...(appointment.details ?? []).map(({ label, value }): [string, string[]] => [label, [value]]),
    [say.notes, [appointment.notes]],
  ]
  return rows
    .map(([label, lines]) => ({ label, lines: lines.filter((line) => line !== undefined) }))
    .filter(({ label, lines }) => label && lines.length > 0)
}

/** When and with whom it was, as far as that is not as it is. */
function earlierOf({ date, time, provider }: AppointmentFacts, { before }: Facts): (string | undefined)[] {
  if (!before) return []
  const other = before.provider === provider ? undefined : before.provider
  const hasMoved = before.date !== date || before.time !== time
  return hasMoved || other ? [before.date, before.time, other] : []
}

function rowOfDay(appointment: AppointmentFacts, facts: Facts, language: Language): Row {
  const details = (appointment.details ?? []).map(({ label, value }) => `${label}: ${value}`)
  const notes = appointment.notes && `${labels[language].notes}: ${appointment.notes}`
  const lines = [whose(appointment, facts), appointment.service, appointment.location, ...details, notes]
  return { label: span(appointment), lines: lines.filter((line) => line !== undefined) }
}

function span({ time, ends, zone }: AppointmentFacts): string {
  return `${ends ? `${time} – ${ends}` : time}${zone ? ` (${zone})` : ''}`
}

/** Nobody needs to be told of themselves. */
function unlessTheirs(name: string | undefined, { recipient }: Facts): string | undefined {
  return name === recipient.name ? undefined : name
}

function whose({ client, dependent }: AppointmentFacts, facts: Facts): string | undefined {
  const other = unlessTheirs(client, facts)
  if (!dependent) return other
  return other ? `${dependent} (${other})` : dependent
}

function placeOf({ location, address }: AppointmentFacts): (string | undefined)[] {
  return [location, address === location ? undefined : address]
}
