-- Rules that organizations did not have yet, as their presets have them now.
update organizations set rules = jsonb_build_object(
  'moving_asks_again', trade = 'veterinary',
  'hours_needed', trade <> 'veterinary',
  'slots_close_their_day', trade = 'veterinary',
  'slots_in_parts', trade = 'veterinary'
) || rules;
update organizations set rules = rules || '{"grid": "none"}'
where trade = 'veterinary' and rules ->> 'grid' = 'windows';
update organizations set rules = rules || '{"grants": {
  "provider": {"dependents:read": "all", "dependents:create": "all", "dependents:change": "all"},
  "reception": {"appointments:confirm": "location", "appointments:decline": "location", "slots:publish": "location",
    "hours:change": "location", "time_off:change": "location"}}}'
where trade = 'veterinary' and rules -> 'grants' = '{}';

-- No two vets have the same licence, and each has a usual length.
update organizations set fields = jsonb_set(fields, '{provider}', (
  select coalesce(jsonb_agg(case field ->> 'name' when 'licence_number' then field || '{"unique": true}' else field end
    order by place), '[]') from jsonb_array_elements(coalesce(fields -> 'provider', '[]')) with ordinality known (field, place)
) || '[{"name": "default_duration", "label": "Usual length of an appointment in minutes", "kind": "number"}]')
where trade = 'veterinary' and not coalesce(fields -> 'provider', '[]') @> '[{"name": "default_duration"}]';

-- The kinds of visits that their preset has now.
insert into services (organization_id, id, name, minutes, created_at, updated_at)
select o.id, gen_random_uuid(), missing.name, 30, o.updated_at, o.updated_at
from organizations o
cross join (values ('Emergency'), ('Follow-up'), ('Diagnostics'), ('Treatment'), ('Other')) missing (name)
where o.trade = 'veterinary' and not exists (
  select from services s where s.organization_id = o.id and lower(s.name) = lower(missing.name));

-- What kind of place a location is: a hospital, a practice on wheels.
alter table locations add column type text;
