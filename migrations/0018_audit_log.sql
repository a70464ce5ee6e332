-- Who changed what of the organization itself, when, from what to what. Nothing here is ever changed.
create table audit_log (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  actor_id uuid,
  action text not null,
  subject_kind text not null,
  subject_id uuid not null,
  before jsonb,
  after jsonb,
  happened_at timestamptz not null,
  primary key (organization_id, id)
);
create index audit_log_of_subject on audit_log (organization_id, subject_id, id);
