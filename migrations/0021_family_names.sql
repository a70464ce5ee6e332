-- The part of a name by which people are filed, where somebody said which it is; the name itself has it at its end.
alter table people add column family_name text;
