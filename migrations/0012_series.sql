-- Appointments that were booked together, each at the same time of its day.
create table series (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  repetition jsonb not null,
  created_by uuid,
  created_at timestamptz not null,
  primary key (organization_id, id)
);

alter table appointments
  add column series_id uuid,
  add foreign key (organization_id, series_id) references series (organization_id, id);
create index appointments_of_series on appointments (organization_id, series_id, starts_at)
  where series_id is not null;
