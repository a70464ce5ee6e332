-- Rules and words that organizations did not have yet, as they are where nobody has set them.
update organizations set rules = '{
  "published_slots_only": false,
  "most_holds": 3,
  "most_per_provider_and_day": null,
  "most_per_client_and_day": null,
  "most_per_client": null,
  "one_per_provider_and_dependent": false,
  "walking_gap_minutes": 0,
  "break_after": null,
  "registration_opens_at": null,
  "registration_closes_at": null
}' || rules,
  words = '{"resource": {"one": "room", "many": "rooms"}}' || words;
