-- One human, one id: a login, being a provider and being a client are facets of the same person.
create table people (
  organization_id uuid not null,
  id uuid not null,
  kind text not null generated always as ('person') stored,
  name text not null,
  email text,
  phone text,
  locale text,
  time_zone text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, id, kind) references parties (organization_id, id, kind)
);
create index people_email on people (organization_id, lower(email));
create index people_phone on people (organization_id, phone);
create index people_name on people (organization_id, name, id);

create table providers (
  organization_id uuid not null,
  id uuid not null,
  bio text,
  details jsonb not null default '{}',
  is_active boolean not null default true,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, id) references people (organization_id, id)
);

create table clients (
  organization_id uuid not null,
  id uuid not null,
  notes text,
  details jsonb not null default '{}',
  no_show_count integer not null default 0,
  blocked_at timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, id) references people (organization_id, id)
);

create table roles (
  organization_id uuid not null,
  person_id uuid not null,
  role text not null check (role in ('admin', 'secretary', 'reception', 'provider', 'client')),
  granted_at timestamptz not null,
  granted_by uuid,
  primary key (organization_id, person_id, role),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index roles_by_role on roles (organization_id, role, person_id);

-- Where a person works: secretaries and receptionists act for these locations, providers are met there.
create table memberships (
  organization_id uuid not null,
  location_id uuid not null,
  person_id uuid not null,
  position text,
  is_primary boolean not null default false,
  assigned_at timestamptz not null,
  assigned_by uuid,
  ended_at timestamptz,
  primary key (organization_id, location_id, person_id),
  foreign key (organization_id, location_id) references locations (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index memberships_by_person on memberships (organization_id, person_id);
