-- Times that are offered one by one, beside or without hours; with more than one seat, to a group. Those of one provider
-- never overlap. A seat is an appointment whose session is the slot.
create table published_slots (
  organization_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  service_id uuid,
  location_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  capacity integer not null default 1 check (capacity between 1 and 1000),
  kind text not null default 'regular',
  is_blocked boolean not null default false,
  block_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, provider_id) references providers (organization_id, id),
  foreign key (organization_id, service_id) references services (organization_id, id),
  foreign key (organization_id, location_id) references locations (organization_id, id),
  check (starts_at < ends_at),
  constraint no_two_slots_overlap exclude using gist (
    organization_id with =, provider_id with =, tstzrange(starts_at, ends_at) with &&
  )
);
create index published_slots_by_start on published_slots (organization_id, starts_at, id);

alter table appointments
  add column slot_id uuid,
  add foreign key (organization_id, slot_id) references published_slots (organization_id, id)
    on delete set null (slot_id);
alter table holds
  add column slot_id uuid,
  add foreign key (organization_id, slot_id) references published_slots (organization_id, id)
    on delete cascade;

-- One seat for each, however often they ask.
create unique index one_seat_each on appointments (organization_id, slot_id, client_id, dependent_id)
  nulls not distinct
  where slot_id is not null and state in ('pending', 'confirmed', 'arrived', 'in_progress');
