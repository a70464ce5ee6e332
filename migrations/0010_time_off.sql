-- A stretch in which nobody takes appointments: of a provider, of a provider at one location, of a location (a closure),
-- or of the whole organization.
create table time_off (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  provider_id uuid,
  location_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  reason text,
  created_by uuid,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, provider_id) references providers (organization_id, id),
  foreign key (organization_id, location_id) references locations (organization_id, id),
  check (starts_at < ends_at)
);
create index time_off_by_end on time_off (organization_id, ends_at);
