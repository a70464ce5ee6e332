-- What happens without anyone asking, and what somebody asked for: a row for each time. One row per due time, however
-- many processes look at the clock.
create table clockwork_runs (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  job text not null,
  due_at timestamptz not null,
  asked_by uuid,
  asked jsonb,
  state text not null check (state in ('planned', 'running', 'completed', 'failed')),
  attempts integer not null default 0,
  worker_id uuid,
  started_at timestamptz,
  finished_at timestamptz,
  result jsonb,
  error text,
  primary key (organization_id, id)
);
create unique index once_each_time on clockwork_runs (organization_id, job, due_at) where asked_by is null;
create index clockwork_runs_of_job on clockwork_runs (organization_id, job, id);
create index clockwork_runs_unfinished on clockwork_runs (organization_id, job)
  where state in ('planned', 'running');

-- The processes that do the work, on the database's own clock: this is about machines, not about appointments.
create table workers (
  id uuid primary key,
  role text not null,
  host text not null,
  pid integer not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

-- The slots that a provider publishes week by week: for each weekday (Monday = 1) its times on the wall clock.
create table slot_templates (
  organization_id uuid not null,
  provider_id uuid not null,
  service_id uuid,
  location_id uuid,
  week jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, provider_id),
  foreign key (organization_id, provider_id) references providers (organization_id, id),
  foreign key (organization_id, service_id) references services (organization_id, id),
  foreign key (organization_id, location_id) references locations (organization_id, id)
);

-- Each minute it is asked who should have come by now: by the few that are open, not by all that there ever were.
create index appointments_open on appointments (organization_id, starts_at)
  where state in ('pending', 'confirmed', 'arrived', 'in_progress');

-- Whoever takes a slot back asks who was in it.
create index appointments_in_slot on appointments (organization_id, slot_id) where slot_id is not null;

-- Rules that organizations did not have yet, as their presets have them now.
update organizations set rules = jsonb_build_object(
  'cancel_unconfirmed_minutes_before', null,
  'unbooked_slots_kept_days', case trade when 'school' then 7 when 'veterinary' then 30 end,
  'unbooked_slots_cleaned', case trade when 'school' then 'weekly' else 'daily' end,
  'notifications_kept_days', case trade when 'school' then 30 else 365 end) || rules;
