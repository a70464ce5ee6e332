import { Type } from 'typebox'
import { Moment } from '../moments.ts'
import { Id, Instant, nullable, oneOf, ref, shape, strict } from '../shapes.ts'
import { groupings } from './counting.ts'
import { appointmentStates } from './states.ts'
import type { Statistics } from './statistics.ts'
import type { CountsByState } from './tallies.ts'

const Count = Type.Integer()
const Percent = Type.Number({ description: 'In per cent, with one decimal; 0 of nothing' })
export const CountsByStateShape = shape(
  'CountsByState',
  Type.Unsafe<CountsByState>(strict(Object.fromEntries(appointmentStates.map((state) => [state, Count])))),
)

const tally = {
  appointments: Count,
  by_state: ref(CountsByStateShape),
  revenue: strict({
    agreed: Type.Number({ description: 'Prices of those that were not cancelled, declined or missed' }),
    charged: Type.Number({ description: 'Charges of those that were completed' }),
    average: Type.Number({ description: 'Of one charge' }),
  }),
  rates: strict({ completion: Percent, cancellation: Percent, no_show: Percent }),
  booked_minutes: Type.Integer({
    description:
      'Time of providers that was not given back: missed ones count, and all seats of a session once',
  }),
}
const TallyShape = shape('AppointmentTally', strict(tally))

export const StatisticsShape = shape(
  'AppointmentStatistics',
  strict({
    from: Instant,
    to: Type.String({ ...Instant, description: 'Not counted in' }),
    time_zone: Type.String({ description: "The organization's: its days and months are counted" }),
    totals: ref(TallyShape),
    utilisation: nullable(
      strict(
        { open_minutes: Count, booked_minutes: Count, rate: Percent },
        'Of those who can be booked now, by their hours of now less time off; null over more than 366 days',
      ),
    ),
    groups: Type.Array(
      strict({
        key: nullable(Type.String({ description: 'A date, a month, an id, a state; null: has none' })),
        label: nullable(Type.String()),
        ...tally,
      }),
      { description: 'Those in which there are any, by label; empty unless `group_by` is said' },
    ),
  }),
)
export const StatisticsQuery = strict({
  from: Type.Optional(Moment),
  to: Type.Optional(Moment),
  group_by: Type.Optional(oneOf(groupings)),
  provider_id: Type.Optional(Id),
  client_id: Type.Optional(Id),
  location_id: Type.Optional(Id),
  service_id: Type.Optional(Id),
})

export function viewStatistics({ from, to, ...numbers }: Statistics, { time_zone }: { time_zone: string }) {
  return { from: `${from}`, to: `${to}`, time_zone, ...numbers }
}
