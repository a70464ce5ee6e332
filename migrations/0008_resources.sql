-- A room or a device that services need. A service needs kinds, not single ones: booking takes one that is free.
create table resources (
  organization_id uuid not null,
  id uuid not null,
  party_kind text not null generated always as ('resource') stored,
  kind text not null,
  name text not null,
  location_id uuid,
  is_active boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, id, party_kind) references parties (organization_id, id, kind),
  foreign key (organization_id, location_id) references locations (organization_id, id)
);
create index resources_by_kind on resources (organization_id, kind);
create unique index resources_name on resources (organization_id, lower(name));

alter table services add column resource_kinds text[] not null default '{}';

-- Which ones an appointment has, also after its time has been given back or swept.
create table appointment_resources (
  organization_id uuid not null,
  appointment_id uuid not null,
  resource_id uuid not null,
  primary key (organization_id, appointment_id, resource_id),
  foreign key (organization_id, appointment_id) references appointments (organization_id, id),
  foreign key (organization_id, resource_id) references resources (organization_id, id)
);
