-- Rules that organizations did not have yet, as their presets have them now.
update organizations set rules = jsonb_build_object('one_per_client_and_location', trade = 'office') || rules;
update organizations set rules = rules || '{"grants": {"provider": {
  "appointments:read": "location", "appointments:book": "location", "appointments:change": "location",
  "appointments:cancel": "location", "appointments:confirm": "location", "appointments:decline": "location",
  "appointments:attend": "location", "hours:change": "location", "clients:read": "all", "clients:create": "all"}}}'
where trade = 'office' and rules -> 'grants' = '{}';
