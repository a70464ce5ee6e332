-- The account everything belongs to. Its rules, fields and words are copied from a preset and its own from then on.
create extension if not exists btree_gist;

create table organizations (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  name text not null,
  trade text not null,
  time_zone text not null,
  locale text not null,
  rules jsonb not null,
  fields jsonb not null,
  words jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- Everything that can be busy: what reservations point at and what verbs lock.
create table parties (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  kind text not null check (kind in ('person', 'resource', 'location')),
  primary key (organization_id, id),
  unique (organization_id, id, kind)
);

create table locations (
  organization_id uuid not null,
  id uuid not null,
  kind text not null generated always as ('location') stored,
  name text not null,
  description text,
  address text,
  phone text,
  time_zone text,
  is_active boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, id, kind) references parties (organization_id, id, kind)
);
create unique index locations_name on locations (organization_id, lower(name));
