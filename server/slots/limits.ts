import { sql } from 'kysely'
import { dateAt, localDay } from '../../engine/wallclock.ts'
import type { ServiceRules } from '../../presets/preset.ts'
import type { Transaction } from '../database/transactions.ts'
import type { Refusal } from '../refusal.ts'
import type { Occasion } from './occasion.ts'
import { LimitReached, OneAtALocation, OneIsEnough } from './refusals.ts'

interface Counts {
  of_provider_that_day: number
  of_client_that_day: number
  of_client: number
  of_the_two: number
  of_client_there: number
}

/** Nothing lasts longer than a day, so what is still to be started after this many hours ago. */
const LONGEST = Temporal.Duration.from({ hours: 25 })

/**
 * The limits that one more appointment at this time would break. Call it with the parties locked, for what counts is what
 * is there now; `but` is the appointment or the hold that is being judged and does not count itself. What was cancelled
 * or declined does not count, what is held does.
 */
export async function brokenLimits(
  trx: Transaction,
  occasion: Occasion,
  starts_at: Temporal.Instant,
  now: Temporal.Instant,
  but: string | null,
): Promise<Refusal[]> {
  const { rules, words } = occasion.organization
  const { most_per_provider_and_day, most_per_client_and_day, most_per_client } = rules
  const limits = [most_per_provider_and_day, most_per_client_and_day, most_per_client]
  const isLimited = limits.some((limit) => limit !== null)
  if (!isLimited && !rules.one_per_provider_and_dependent && !rules.one_per_client_and_location) return []

  const counts = await count(trx, occasion, starts_at, now, but)
  const { one: provider } = words.provider
  const { one: client } = words.client
  const { many } = words.appointment
  const broken: Refusal[] = []
  const see = (name: keyof ServiceRules & LimitName, already: number, what: string) => {
    const most = rules[name]
    if (most !== null && already >= most) broken.push(new LimitReached(name, most, what))
  }
  see('most_per_provider_and_day', counts.of_provider_that_day, `${many} of a ${provider} on one day`)
  if (!occasion.client) return broken
  see('most_per_client_and_day', counts.of_client_that_day, `${many} of a ${client} on one day`)
  see('most_per_client', counts.of_client, `${many} of a ${client}`)
  if (rules.one_per_provider_and_dependent && counts.of_the_two > 0) {
    broken.push(new OneIsEnough(provider, occasion.dependent ? words.dependent.one : client))
  }
  if (rules.one_per_client_and_location && counts.of_client_there > 0) {
    broken.push(new OneAtALocation(client, words.location.one))
  }
  return broken
}

type LimitName = 'most_per_provider_and_day' | 'most_per_client_and_day' | 'most_per_client'

async function count(
  trx: Transaction,
  { organization, own_rules, provider_id, service_id, location_id, client, dependent }: Occasion,
  starts_at: Temporal.Instant,
  now: Temporal.Instant,
  but: string | null,
): Promise<Counts> {
  const { id, time_zone, rules } = organization
  const at = starts_at.epochMilliseconds
  const day = localDay(time_zone, dateAt(time_zone, at))
  const [first, next] = [day.start, day.end].map((end) => Temporal.Instant.fromEpochMilliseconds(end))
  const since = rules.registration_opens_at
  const client_id = client?.id ?? null
  const dependent_id = dependent?.id ?? null
  // A limit that the service has of its own counts that service alone.
  const inScope = (rule: keyof ServiceRules) =>
    rule in own_rules ? sql`service_id is not distinct from ${service_id}::uuid` : sql`true`
  const thatDay = sql`starts_at >= ${first} and starts_at < ${next}`
  const counts = sql`(ends_at > ${now} and is_to_be or starts_at >= ${since}::timestamptz)`
  const whose = sql`organization_id = ${id} and id is distinct from ${but}::uuid
    and starts_at >= least(${first}, ${now.subtract(LONGEST)}, ${since}::timestamptz)
    and (provider_id = ${provider_id}::uuid and starts_at < ${next} or client_id = ${client_id}::uuid
      or dependent_id = ${dependent_id}::uuid)`
  const columns = sql`provider_id, client_id, dependent_id, service_id, location_id, starts_at, ends_at`
  const { rows } = await sql<Counts>`
    with counted as (
      select ${columns}, state in ('pending', 'confirmed', 'arrived', 'in_progress') as is_to_be
      from appointments where ${whose} and state not in ('cancelled', 'declined')
      union all
      select ${columns}, true from holds where ${whose} and expires_at > ${now}
    )
    select
      count(*) filter (where provider_id = ${provider_id}::uuid and ${thatDay}
        and ${inScope('most_per_provider_and_day')})::integer as of_provider_that_day,
      count(*) filter (where client_id = ${client_id}::uuid and ${thatDay}
        and ${inScope('most_per_client_and_day')})::integer as of_client_that_day,
      count(*) filter (where client_id = ${client_id}::uuid and ${counts}
        and ${inScope('most_per_client')})::integer as of_client,
      count(*) filter (where provider_id = ${provider_id}::uuid and ${counts}
        and ${inScope('one_per_provider_and_dependent')}
        and case when ${dependent_id}::uuid is null then client_id = ${client_id}::uuid and dependent_id is null
          else dependent_id = ${dependent_id}::uuid end)::integer as of_the_two,
      count(*) filter (where client_id = ${client_id}::uuid and location_id = ${location_id}::uuid
        and ends_at > ${now} and is_to_be)::integer as of_client_there
    from counted`.execute(trx)
  return rows[0]!
}
