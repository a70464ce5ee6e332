-- The secret address at which a person's calendar can be read without a log-in. One each; only its hash is kept.
create table calendar_feeds (
  organization_id uuid not null,
  person_id uuid not null,
  token_hash bytea not null,
  made_at timestamptz not null,
  primary key (organization_id, person_id),
  unique (organization_id, token_hash),
  foreign key (organization_id, person_id) references accounts (organization_id, person_id) on update cascade
);
