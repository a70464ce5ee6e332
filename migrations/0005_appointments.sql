-- The organization is vouched for by the provider and the client: a key of its own would have every booking lock its row.
create table appointments (
  organization_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  client_id uuid not null,
  service_id uuid,
  location_id uuid,
  session_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  buffer_before_minutes integer not null default 0,
  buffer_after_minutes integer not null default 0,
  state text not null check (state in
    ('pending', 'confirmed', 'arrived', 'in_progress', 'completed', 'cancelled', 'declined', 'no_show')),
  pending_reason text,
  state_reason text,
  notes text,
  price numeric(12, 2),
  details jsonb not null default '{}',
  booked_by uuid,
  sequence integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, provider_id) references providers (organization_id, id),
  foreign key (organization_id, client_id) references clients (organization_id, id),
  foreign key (organization_id, service_id) references services (organization_id, id),
  foreign key (organization_id, location_id) references locations (organization_id, id),
  check (starts_at < ends_at)
);
create index appointments_by_start on appointments (organization_id, starts_at, id);
create index appointments_of_provider on appointments (organization_id, provider_id, starts_at, id);
create index appointments_of_client on appointments (organization_id, client_id, starts_at, id);
create index appointments_at_location on appointments (organization_id, location_id, starts_at, id);

-- A slot kept for a few minutes while somebody decides. Confirmed, it becomes the appointment with the same id.
create table holds (
  organization_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  client_id uuid,
  service_id uuid,
  location_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  buffer_before_minutes integer not null default 0,
  buffer_after_minutes integer not null default 0,
  held_by uuid not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, provider_id) references providers (organization_id, id),
  foreign key (organization_id, client_id) references clients (organization_id, id),
  foreign key (organization_id, service_id) references services (organization_id, id),
  foreign key (organization_id, location_id) references locations (organization_id, id),
  check (starts_at < ends_at)
);
create index holds_by_expiry on holds (expires_at);

-- One party's busy stretch. The constraint is the promise of the house: nobody and nothing is in two places at a time.
-- Members of one session (a group) share their provider's time; session_id may never be null, or the promise is off.
create table reservations (
  organization_id uuid not null,
  party_id uuid not null,
  during tstzrange not null check (not isempty(during) and not lower_inf(during) and not upper_inf(during)),
  session_id uuid not null,
  appointment_id uuid,
  hold_id uuid,
  check (num_nonnulls(appointment_id, hold_id) = 1),
  unique nulls not distinct (organization_id, appointment_id, hold_id, party_id),
  foreign key (organization_id, party_id) references parties (organization_id, id),
  foreign key (organization_id, appointment_id) references appointments (organization_id, id),
  foreign key (organization_id, hold_id) references holds (organization_id, id) on delete cascade,
  constraint one_place_at_a_time exclude using gist (
    organization_id with =, party_id with =, session_id with <>, during with &&
  )
);

-- Who did what to an appointment, when, from what to what. Nothing here is ever changed.
create table appointment_events (
  organization_id uuid not null,
  appointment_id uuid not null,
  id uuid not null,
  action text not null,
  actor_id uuid,
  reason text,
  before jsonb,
  after jsonb not null,
  happened_at timestamptz not null,
  primary key (organization_id, appointment_id, id),
  foreign key (organization_id, appointment_id) references appointments (organization_id, id)
);
