-- On whose behalf a client comes: a child, a pet. Several guardians may each book for one dependent.
create table dependents (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  birth_date date,
  notes text,
  details jsonb not null default '{}',
  is_active boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id)
);
create index dependents_by_name on dependents (organization_id, name, id);

create table guardians (
  organization_id uuid not null,
  dependent_id uuid not null,
  client_id uuid not null,
  added_at timestamptz not null,
  added_by uuid,
  primary key (organization_id, dependent_id, client_id),
  foreign key (organization_id, dependent_id) references dependents (organization_id, id),
  foreign key (organization_id, client_id) references clients (organization_id, id)
);
create index guardians_by_client on guardians (organization_id, client_id);

alter table appointments
  add column dependent_id uuid,
  add foreign key (organization_id, dependent_id) references dependents (organization_id, id);
create index appointments_of_dependent on appointments (organization_id, dependent_id, starts_at)
  where dependent_id is not null;

alter table holds
  add column dependent_id uuid,
  add foreign key (organization_id, dependent_id) references dependents (organization_id, id);
create index holds_of_person on holds (organization_id, held_by);
