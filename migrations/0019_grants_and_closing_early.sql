-- Rules that organizations did not have yet, as their presets have them now.
update organizations set rules = jsonb_build_object(
  'grants', case trade
    when 'school' then '{"provider": {"clients:read": "all", "dependents:read": "all"}}'::jsonb
    else '{}'::jsonb end,
  'closes_early', trade <> 'general'
) || rules;
