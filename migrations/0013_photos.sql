-- A person's photo, re-encoded and small. It lies here, as files of one machine would be missing on the others.
create table photos (
  organization_id uuid not null,
  person_id uuid not null,
  type text not null,
  width integer not null,
  height integer not null,
  content bytea not null,
  sha256 bytea not null,
  updated_at timestamptz not null,
  primary key (organization_id, person_id),
  foreign key (organization_id, person_id) references people (organization_id, id) on delete cascade
);
