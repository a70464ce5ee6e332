-- A location that is gone, of which what happened there is kept. Its name is free for another.
alter table locations add column removed_at timestamptz;
drop index locations_name;
create unique index locations_name on locations (organization_id, lower(name)) where removed_at is null;
