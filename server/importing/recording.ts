import type { EventKind } from '../events/events.ts'
import { newId } from '../ids.ts'
import { type Agreement, isToCome } from './agreed.ts'
import type { Importing } from './progress.ts'

interface Said {
  values: { notes?: string }
  details: Record<string, unknown>
}

/** Writes down an appointment and the entry with which its history begins. That is no news, so it counts as told. */
export function writeDown(
  importing: Importing,
  id: string,
  { values, details }: Said,
  agreement: Agreement,
): void {
  const { organization, rows, now } = importing
  const { occasion, stretch, state } = agreement
  const { provider_id, service_id, location_id } = occasion
  const organization_id = organization.id
  const after = {
    state,
    provider_id,
    location_id,
    starts_at: stretch.start,
    ends_at: stretch.end,
    notes: values.notes ?? null,
    details,
  }
  rows.appointments.push({
    ...after,
    organization_id,
    id,
    session_id: id,
    client_id: occasion.client.id,
    dependent_id: occasion.dependent?.id ?? null,
    service_id,
    buffer_before_minutes: occasion.buffer_before_minutes,
    buffer_after_minutes: occasion.buffer_after_minutes,
    // What was agreed on for one that is over, nobody has said.
    price: isToCome(agreement, now) ? occasion.price : null,
    sequence: 0,
    created_at: now,
    updated_at: now,
  })
  const history_id = newId()
  const entry = { organization_id, appointment_id: id, id: history_id, action: 'imported', after }
  rows.appointment_events.push({ ...entry, happened_at: now })
  const kind = 'appointment.imported' satisfies EventKind
  const event = { organization_id, id: newId(), kind, data: { appointment_id: id, history_id } }
  rows.events.push({ ...event, created_at: now, relayed_at: now })
}
