-- A way to log in. Many people have none: a client whom the desk wrote down needs no account.
create table accounts (
  organization_id uuid not null,
  person_id uuid not null,
  email text not null,
  password_hash text,
  email_verified_at timestamptz,
  is_active boolean not null default true,
  credentials_changed_at timestamptz not null,
  last_login_at timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, person_id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create unique index accounts_email on accounts (organization_id, lower(email));

-- Counted by address, whether or not an account has it, so that a lock tells nobody which addresses exist.
create table login_failures (
  organization_id uuid not null references organizations (id),
  email text not null,
  failures smallint not null,
  first_failed_at timestamptz not null,
  locked_until timestamptz,
  primary key (organization_id, email)
);

-- A log-in and the refresh tokens that descend from it: one family, ended together.
create table sessions (
  organization_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  ended_because text,
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references accounts (organization_id, person_id) on update cascade
);
create index sessions_by_person on sessions (organization_id, person_id);

-- Only the hash is kept: who reads this table cannot log in with it.
create table refresh_tokens (
  organization_id uuid not null,
  token_hash bytea not null,
  session_id uuid not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (organization_id, token_hash),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade
);
create index refresh_tokens_by_session on refresh_tokens (organization_id, session_id);
