create table services (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  description text,
  minutes integer not null check (minutes between 1 and 1440),
  step_minutes integer check (step_minutes between 1 and 1440),
  buffer_before_minutes integer not null default 0 check (buffer_before_minutes between 0 and 1440),
  buffer_after_minutes integer not null default 0 check (buffer_after_minutes between 0 and 1440),
  price numeric(12, 2),
  currency text check (currency ~ '^[A-Z]{3}$'),
  is_active boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id)
);
create unique index services_name on services (organization_id, lower(name));

-- Wall-clock windows, one a row: of a provider, of a location, or of a provider at a location; weekly or on a date.
-- A dated row without times says closed.
create table hours (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  provider_id uuid,
  location_id uuid,
  weekday smallint check (weekday between 1 and 7),
  date date,
  opens text check (opens ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  closes text check (closes ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'),
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, provider_id) references providers (organization_id, id),
  foreign key (organization_id, location_id) references locations (organization_id, id),
  check (num_nonnulls(provider_id, location_id) >= 1),
  check (num_nonnulls(weekday, date) = 1),
  check (num_nonnulls(opens, closes) in (0, 2)),
  check (opens is not null or date is not null)
);
create index hours_of_provider on hours (organization_id, provider_id, date);
create index hours_of_location on hours (organization_id, location_id, date);
