-- What parents write about themselves, as the school's preset has it now.
update organizations set fields = jsonb_set(fields, '{client}',
  coalesce(fields -> 'client', '[]') || '[{"name": "notes", "label": "Notes", "kind": "long_text"}]')
where trade = 'school' and not coalesce(fields -> 'client', '[]') @> '[{"name": "notes"}]';
