import type { Pool } from 'pg'

/** Each finds what must never be, whatever happened before: rows of one text each, which says what is wrong. */
const promises = {
  'nobody and nothing is in two places at a time': `
    select format('%s in %s and %s', one.party_id, one.during, other.during) as broken
    from reservations one join reservations other
      on other.organization_id = one.organization_id and other.party_id = one.party_id
      and other.session_id > one.session_id and other.during && one.during`,

  'an appointment that is to be keeps its provider, its client and its location': `
    select format('%s (%s) without its %s', a.id, a.state, needed.kind) as broken
    from appointments a join organizations o on o.id = a.organization_id
    cross join lateral (values
      ('provider', a.provider_id, true, true),
      ('location', a.location_id, true, (o.rules ->> 'location_takes_one')::boolean and a.location_id is not null),
      ('client', a.client_id, false, not (o.rules ->> 'clients_may_overlap')::boolean)
    ) needed (kind, party_id, is_buffered, is_needed)
    cross join lateral (select tstzrange(
      a.starts_at - case when is_buffered then a.buffer_before_minutes else 0 end * interval '1 minute',
      a.ends_at + case when is_buffered then a.buffer_after_minutes else 0 end * interval '1 minute') as time) promised
    where a.state in ('pending', 'confirmed', 'arrived', 'in_progress') and needed.is_needed
      -- What passed long ago takes nobody's time any more, also where nobody closed it.
      and a.ends_at > (select max(created_at) - interval '2 days' from appointments)
      and not exists (
        select from reservations r
        where r.organization_id = a.organization_id and r.appointment_id = a.id and r.party_id = needed.party_id
          -- A client's also covers the way to where they are next.
          and case when is_buffered then r.during = time else r.during @> time and lower(r.during) = lower(time) end)`,

  'an appointment takes the time of nobody else': `
    select format('%s also takes %s of %s', a.id, r.during, r.party_id) as broken
    from reservations r join appointments a on a.organization_id = r.organization_id and a.id = r.appointment_id
    where r.party_id not in (a.provider_id, a.client_id, coalesce(a.location_id, a.provider_id))
      and not exists (select from appointment_resources x
        where x.organization_id = a.organization_id and x.appointment_id = a.id and x.resource_id = r.party_id)`,

  'an appointment that is to be keeps what it needs: one resource of each kind': `
    select format('%s (%s) has %s %s', a.id, a.state, count(x.id), needed.kind) as broken
    from appointments a join services s on s.organization_id = a.organization_id and s.id = a.service_id
    cross join unnest(s.resource_kinds) needed (kind)
    left join appointment_resources has on has.organization_id = a.organization_id and has.appointment_id = a.id
    left join resources x on x.organization_id = has.organization_id and x.id = has.resource_id and x.kind = needed.kind
      and exists (select from reservations r
        where r.organization_id = a.organization_id and r.appointment_id = a.id and r.party_id = x.id
          and r.during = tstzrange(a.starts_at - a.buffer_before_minutes * interval '1 minute',
            a.ends_at + a.buffer_after_minutes * interval '1 minute'))
    where a.state in ('pending', 'confirmed', 'arrived', 'in_progress')
      and a.ends_at > (select max(created_at) - interval '2 days' from appointments)
    group by a.organization_id, a.id, needed.kind having count(x.id) <> 1`,

  'a slot gives no more seats than it has': `
    select format('%s has %s seats and %s appointments or holds', s.id, s.capacity, count(r)) as broken
    from published_slots s join reservations r
      on r.organization_id = s.organization_id and r.party_id = s.provider_id and r.session_id = s.id
    left join holds h on h.organization_id = r.organization_id and h.id = r.hold_id
    left join lateral (select max(created_at) as now from appointments) clock on true
    where h.id is null or h.expires_at > clock.now
    group by s.organization_id, s.id, s.capacity having count(r) > s.capacity`,

  'a seat is one for each': `
    select format('%s has %s seats for %s and %s', slot_id, count(*), client_id, dependent_id) as broken
    from appointments
    where slot_id is not null and state in ('pending', 'confirmed', 'arrived', 'in_progress')
    group by organization_id, slot_id, client_id, dependent_id having count(*) > 1`,

  'the seats of a slot share its time, and nobody else does': `
    select format('%s of the slot %s is in session %s', a.id, a.slot_id, r.session_id) as broken
    from appointments a join reservations r on r.organization_id = a.organization_id and r.appointment_id = a.id
    left join published_slots s on s.organization_id = a.organization_id and s.id = a.slot_id
    join organizations o on o.id = a.organization_id
    where r.session_id <> coalesce(a.slot_id, a.id) or a.session_id <> coalesce(a.slot_id, a.id)
      or case when (o.rules ->> 'slots_in_parts')::boolean then a.starts_at < s.starts_at or a.ends_at > s.ends_at
        else (a.starts_at, a.ends_at) <> (s.starts_at, s.ends_at) end`,

  'the seats of a slot are in one place, and share what they need': `
    select format('%s is at %s locations, and has %s of %s', a.slot_id, count(distinct a.location_id),
      count(distinct x.id), x.kind) as broken
    from appointments a
    left join appointment_resources has on has.organization_id = a.organization_id and has.appointment_id = a.id
    left join resources x on x.organization_id = has.organization_id and x.id = has.resource_id
    where a.slot_id is not null and a.state in ('pending', 'confirmed', 'arrived', 'in_progress')
    group by a.organization_id, a.slot_id, x.kind
    having count(distinct a.location_id) > 1 or count(distinct x.id) > 1`,

  'what was given back takes no time': `
    select format('%s (%s) still takes %s of %s', a.id, a.state, r.during, r.party_id) as broken
    from reservations r join appointments a on a.organization_id = r.organization_id and a.id = r.appointment_id
    where a.state in ('cancelled', 'declined', 'no_show')`,

  'time is taken by somebody': `
    select format('%s of %s is taken by nothing', r.during, r.party_id) as broken
    from reservations r
    where not exists (
        select from appointments a where a.organization_id = r.organization_id and a.id = r.appointment_id)
      and not exists (select from holds h where h.organization_id = r.organization_id and h.id = r.hold_id)`,

  'a hold that was booked is no hold any more': `
    select format('%s is both', h.id) as broken
    from holds h join appointments a on a.organization_id = h.organization_id and a.id = h.id`,

  'a history begins with the booking, or with having been brought from elsewhere, and ends with what is': `
    select format('%s (%s) has the history %s', a.id, a.state, coalesce(h.actions, 'of nothing')) as broken
    from appointments a left join lateral (
      select string_agg(e.action, ', ' order by e.id) as actions, count(*) filter (where e.action in ('booked', 'imported')) as booked,
        (array_agg(e.after order by e.id desc))[1] as last
      from appointment_events e where e.organization_id = a.organization_id and e.appointment_id = a.id
    ) h on true
    where h.booked is distinct from 1 or h.actions !~ '^(booked|imported)' or h.last ->> 'state' <> a.state
      or (h.last ->> 'starts_at')::timestamptz <> a.starts_at or (h.last ->> 'provider_id')::uuid <> a.provider_id`,

  'what happened is told, once': `
    select format('%s of %s is told %s times', e.action, e.appointment_id, count(event.id)) as broken
    from appointment_events e left join events event
      on event.organization_id = e.organization_id and event.data ->> 'history_id' = e.id::text
    group by e.organization_id, e.id, e.action, e.appointment_id having count(event.id) <> 1`,

  'only what happened is told': `
    select format('%s is told of %s', event.kind, event.data ->> 'appointment_id') as broken
    from events event
    where event.kind like 'appointment.%' and not exists (
      select from appointment_events e
      where e.organization_id = event.organization_id and e.id::text = event.data ->> 'history_id'
        and e.appointment_id::text = event.data ->> 'appointment_id')`,
}

/** Looks through a whole database for what must never be. An empty list is a good sign. */
export async function findBrokenPromises(pool: Pool): Promise<string[]> {
  const found: string[] = []
  for (const [promise, text] of Object.entries(promises)) {
    const { rows } = await pool.query<{ broken: string }>(text)
    found.push(...rows.map(({ broken }) => `${promise}: ${broken}`))
  }
  return found
}
