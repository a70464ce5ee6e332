import type { Row } from '../../database/tables.ts'
import { trades } from '../../organizations/trades.ts'
import type { Language } from '../kinds.ts'
import type { AppointmentFacts, Facts } from './facts.ts'
import type { TemplateName } from './text.ts'

type Organization = Row<'organizations'>

/** People who do not exist, for whoever wants to see how a text would look. */
const CLIENT = 'Alex Morgan'
const PROVIDER = 'Sam Taylor'
const DEPENDENT = 'Robin'

/** Facts as a message of this organization could have them, a week from now. */
export function exampleFacts(
  organization: Organization,
  name: TemplateName,
  language: Language,
  now: Temporal.Instant,
): Facts {
  const [kind, audience] = name.split('.')
  const date = now.toZonedDateTimeISO(organization.time_zone).toPlainDate().add({ days: 7 })
  const appointment = exampleAppointment(organization, dayIn(language, date), kind === 'booked')
  const facts: Facts = {
    organization: { name: organization.name },
    recipient: { name: audience === 'provider' ? PROVIDER : CLIENT },
    words: wordsOf(organization),
  }
  if (audience === 'account') return { ...facts, link: 'https://example.com/example', link_hours: 24 }
  if (kind === 'summary') {
    const next = { ...appointment, time: '15:00', ends: '15:30' }
    return { ...facts, day: appointment.date, appointments: [appointment, next] }
  }
  const earlier = { date: dayIn(language, date.subtract({ days: 1 })), time: '10:00', provider: PROVIDER }
  return {
    ...facts,
    appointment,
    by: { name: audience === 'provider' ? CLIENT : PROVIDER, is_recipient: false },
    ...(kind === 'rescheduled' && { before: earlier }),
    ...(['declined', 'cancelled', 'rescheduled'].includes(kind!) && { reason: 'Example' }),
  }
}

/** As little as is ever known: a text should stand with this, too. */
export function sparseFacts({ appointment, before, by, reason, ...facts }: Facts): Facts {
  return {
    ...facts,
    ...(appointment && { appointment: bare(appointment) }),
    ...(facts.appointments && { appointments: facts.appointments.map(bare) }),
  }
}

function bare({
  arrive_minutes_early,
  dependent,
  service,
  location,
  address,
  notes,
  ...kept
}: AppointmentFacts): AppointmentFacts {
  return { ...kept, details: [] }
}

function exampleAppointment(
  { name, rules, fields, trade }: Organization,
  date: string,
  isNew: boolean,
): AppointmentFacts {
  const shown = fields.appointment.filter(({ visible_to, required }) => !visible_to && required)
  const service = trades[trade]?.services[0]?.name
  return {
    code: '4821',
    date,
    time: '14:00',
    ends: '14:30',
    state: isNew && rules.confirm_by !== 'nobody' ? 'pending' : 'confirmed',
    is_pending: isNew && rules.confirm_by !== 'nobody',
    client_confirms: rules.confirm_by === 'client' || rules.confirm_by === 'either',
    provider: PROVIDER,
    client: CLIENT,
    ...(fields.dependent.length > 0 && { dependent: DEPENDENT }),
    ...(service && { service }),
    ...(rules.come_early_minutes > 0 && { arrive_minutes_early: rules.come_early_minutes }),
    location: name,
    address: '1 Example Street',
    details: shown.map(({ label, options }) => ({ label, value: options?.[0] ?? 'Example' })),
  }
}

function wordsOf({ words }: Organization): Facts['words'] {
  const { appointment, provider, client, location } = words
  return {
    appointment: appointment.one,
    provider: provider.one,
    client: client.one,
    location: location.one,
  }
}

const regions: Record<Language, string> = { en: 'en-GB', de: 'de-DE', tr: 'tr-TR' }

function dayIn(language: Language, date: Temporal.PlainDate): string {
  return date.toLocaleString(regions[language], { dateStyle: 'full' })
}
