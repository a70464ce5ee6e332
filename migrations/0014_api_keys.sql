-- A program's way in, for an administrator who made it. Only the hash is kept: who reads this table cannot use the key.
create table api_keys (
  organization_id uuid not null,
  id uuid not null,
  name text not null,
  key_hash bytea not null,
  scopes text[] not null,
  created_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, created_by) references accounts (organization_id, person_id) on update cascade
);
create index api_keys_by_maker on api_keys (organization_id, created_by);
