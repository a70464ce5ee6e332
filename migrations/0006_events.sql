-- No foreign key on the organization in this file: every booking writes here, and each would lock its row.

-- What happened, written with the change and handed to the queue after it: nothing before commit, nothing after rollback.
create table events (
  organization_id uuid not null,
  id uuid not null,
  kind text not null,
  data jsonb not null,
  created_at timestamptz not null,
  relayed_at timestamptz,
  primary key (organization_id, id)
);
create index events_to_relay on events (id) where relayed_at is null;

-- The first answer to a creating request, for whoever repeats it.
create table idempotency_keys (
  organization_id uuid not null,
  asked_by text not null,
  key text not null,
  request_hash text not null,
  answer jsonb,
  created_at timestamptz not null,
  primary key (organization_id, asked_by, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
