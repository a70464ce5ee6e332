-- A location that is gone, of which what happened there is kept.
alter table locations add column removed_at timestamptz;
