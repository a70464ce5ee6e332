import type { FastifyRequest } from 'fastify'
import { count, type CountedRow } from '../../server/appointments/counting.ts'
import { readProvider } from '../../server/people/providers.ts'
import { may, reachOf } from '../../server/permissions.ts'
import { NotAllowed } from '../../server/refusal.ts'
import { MalformedQuery } from './failures.ts'
import { type Status, statusOf } from './views.ts'

/** As far as dates go that can be asked for. */
const ALWAYS = {
  start: Temporal.Instant.from('1000-01-01T00:00:00Z'),
  end: Temporal.Instant.from('3000-01-01T00:00:00Z'),
}

/** What came of a doctor's appointments: all of them, and by month or day, the newest first. */
export async function statisticsOf(
  { db, actor, organization }: FastifyRequest,
  doctorId: string,
  { groupBy, limit }: { groupBy: string; limit: number },
) {
  if (groupBy !== 'month' && groupBy !== 'day') throw new MalformedQuery('groupBy must be month or day.')
  await readProvider(db, organization.id, doctorId)
  const reach = reachOf(actor, 'statistics:read')
  if (!reach || !may(actor, 'statistics:read', { provider_id: doctorId })) throw new NotAllowed()
  const wanted = { group_by: groupBy, provider_id: doctorId } as const
  const rows = await count(db, organization, reach, wanted, ALWAYS)
  const periods = [...Map.groupBy(rows, ({ key }) => key!)]
  return {
    doctorId,
    totalAppointments: sumOf(rows),
    stats: periods
      .map(([period, ofPeriod]) => ({ period, count: sumOf(ofPeriod), ...countsOf(ofPeriod) }))
      .toSorted((one, other) => other.period.localeCompare(one.period))
      .slice(0, limit),
  }
}

function countsOf(rows: CountedRow[]): Record<Status, number> {
  const counts = { scheduled: 0, confirmed: 0, completed: 0, cancelled: 0, no_show: 0 }
  for (const { state, appointments } of rows) counts[statusOf[state]] += appointments
  return counts
}

function sumOf(rows: CountedRow[]): number {
  return rows.reduce((sum, { appointments }) => sum + appointments, 0)
}
