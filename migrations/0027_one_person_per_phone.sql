-- A rule that organizations did not have yet, as their presets have it now.
update organizations set rules = jsonb_build_object('one_person_per_phone', trade = 'clinic') || rules;
