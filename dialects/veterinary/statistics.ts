import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { count, type CountedRow } from '../../server/appointments/counting.ts'
import { tallyOf } from '../../server/appointments/tallies.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { readProvider } from '../../server/people/providers.ts'
import { reachOf } from '../../server/permissions.ts'
import { NotAllowed } from '../../server/refusal.ts'
import type { StatisticsQuery } from './calendar-shapes.ts'
import { dateOf, fromWhen, stretchOf, untilWhen } from './times.ts'
import { priorities, statuses, statusOf, typeOf, types } from './words.ts'

/** Numbers of the appointments that are the business of whoever asks: two queries, however many there are. */
export async function statisticsOf(
  { db, actor, organization, now }: FastifyRequest,
  query: Static<typeof StatisticsQuery>,
) {
  const { veterinarian_id: provider_id, clinic_id: location_id } = query
  const reach = reachOf(actor, 'statistics:read')
  if (!reach) throw new NotAllowed()
  if (provider_id) await readProvider(db, organization.id, provider_id)
  if (location_id) await findLocation(db, organization.id, location_id)
  const month = now.toZonedDateTimeISO(organization.time_zone).toPlainDate().toPlainYearMonth()
  const { start_date = `${month}-01`, end_date = `${month}-${month.daysInMonth}` } = query
  const between = stretchOf(
    fromWhen('start_date', start_date, organization),
    untilWhen('end_date', end_date, organization),
  )
  const filters = { provider_id, location_id }
  const byType = await count(db, organization, reach, { ...filters, group_by: 'service' }, between)
  const byPriority = await count(db, organization, reach, { ...filters, by_field: 'priority' }, between)
  const { appointments, by_state, revenue, rates } = tallyOf(byType)
  return {
    period: {
      start_date: `${dateOf('start_date', start_date, organization)}`,
      end_date: `${dateOf('end_date', end_date, organization)}`,
    },
    filters: { veterinarian_id: provider_id ?? null, clinic_id: location_id ?? null },
    totals: {
      total_appointments: appointments,
      completed_appointments: by_state.completed,
      total_estimated_revenue: revenue.agreed,
      total_actual_revenue: revenue.charged,
      average_appointment_cost: revenue.average,
    },
    counts_by_status: countsOf(statuses, byType, ({ state }) => statusOf(state)),
    counts_by_type: countsOf(types, byType, ({ label }) => typeOf(label)),
    counts_by_priority: countsOf(priorities, byPriority, ({ key }) => key ?? 'normal'),
    rates: {
      completion_rate: rates.completion,
      no_show_rate: rates.no_show,
      cancellation_rate: rates.cancellation,
    },
  }
}

/** Every word has its number, zeros included. */
function countsOf(words: readonly string[], rows: CountedRow[], wordOf: (row: CountedRow) => string) {
  const counts = Object.fromEntries(words.map((word) => [word, 0]))
  for (const row of rows) counts[wordOf(row)]! += row.appointments
  return counts
}
