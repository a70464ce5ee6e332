-- The price is what was agreed; what was charged in the end may be another.
alter table appointments add column charged numeric(12, 2);
