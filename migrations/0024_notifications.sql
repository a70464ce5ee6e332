-- Every message is a record, from the moment it is planned: what it says of itself is the audit trail.
create table notifications (
  organization_id uuid not null references organizations,
  id uuid not null,
  kind text not null,
  -- As whom its recipient is told: as the client, as the provider, or as the holder of an account.
  audience text not null check (audience in ('client', 'provider', 'account')),
  channel text not null check (channel in ('email', 'sms', 'push')),
  recipient_id uuid not null,
  appointment_id uuid,
  -- Why: the entry of the history, the reminder's start and offset, the day of a summary, or somebody's request.
  cause text not null,
  facts jsonb not null default '{}',
  state text not null check (state in ('planned', 'sending', 'sent', 'failed', 'skipped', 'uncertain')),
  -- Why it was not sent, where it was not.
  reason text,
  address text,
  subject text,
  content text,
  tries integer not null default 0,
  next_try_at timestamptz not null,
  -- Whoever speaks at present.
  worker_id uuid,
  -- What it was sent by, and by which name that knows it.
  service text,
  external_id text,
  -- Each time that it was tried, and what came back.
  attempts jsonb not null default '[]',
  asked_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  sent_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, recipient_id) references people (organization_id, id),
  foreign key (organization_id, appointment_id) references appointments (organization_id, id),
  -- So nothing is said twice, and nothing true is swallowed.
  constraint said_once unique nulls not distinct
    (organization_id, appointment_id, kind, audience, channel, recipient_id, cause)
);
create index notifications_by_time on notifications (organization_id, created_at desc, id desc);
create index notifications_by_recipient on notifications (organization_id, recipient_id, created_at desc);
create index notifications_to_send on notifications (next_try_at) where state in ('planned', 'sending');

-- What a person wants: null is all channels.
create table preferences (
  organization_id uuid not null,
  person_id uuid not null,
  channels text[],
  quiet_from text check (quiet_from ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  quiet_until text check (quiet_until ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  updated_at timestamptz not null,
  primary key (organization_id, person_id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  check ((quiet_from is null) = (quiet_until is null))
);

-- Browsers that a person lets us call upon.
create table push_subscriptions (
  organization_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  unique (organization_id, endpoint)
);
create index push_subscriptions_of_person on push_subscriptions (organization_id, person_id);

-- Phones that have answered STOP, whoever has them.
create table stopped_phones (
  organization_id uuid not null references organizations,
  phone text not null,
  stopped_at timestamptz not null,
  primary key (organization_id, phone)
);

-- What people answered by SMS; the provider's own id keeps it from being heard twice.
create table inbound_messages (
  organization_id uuid not null references organizations,
  id uuid not null,
  external_id text,
  sender text not null,
  receiver text,
  content text not null,
  person_id uuid,
  appointment_id uuid,
  command text,
  outcome text not null,
  reply text not null,
  received_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, external_id),
  foreign key (organization_id, appointment_id) references appointments (organization_id, id)
);
create index inbound_messages_of_appointment on inbound_messages (organization_id, appointment_id)
  where appointment_id is not null;
create index inbound_messages_by_time on inbound_messages (organization_id, received_at desc, id desc);

-- What an organization says in its own words, in the place of ours.
create table templates (
  organization_id uuid not null references organizations,
  kind text not null,
  audience text not null,
  locale text not null,
  subject text not null,
  content text not null,
  short text not null,
  updated_at timestamptz not null,
  updated_by uuid,
  primary key (organization_id, kind, audience, locale)
);

-- Who is told of what: a rule that organizations did not have yet, as their presets have it now.
update organizations set rules = jsonb_build_object('messages', '[{"kind": "booked", "to": "client", "channels": ["email"]}, {"kind": "booked", "to": "provider", "channels": ["email"]}, {"kind": "confirmed", "to": "client", "channels": ["email"]}, {"kind": "declined", "to": "client", "channels": ["email"]}, {"kind": "cancelled", "to": "client", "channels": ["email"]}, {"kind": "cancelled", "to": "provider", "channels": ["email"]}, {"kind": "rescheduled", "to": "client", "channels": ["email"]}, {"kind": "rescheduled", "to": "provider", "channels": ["email"]}, {"kind": "summary", "to": "provider", "channels": ["email"]}]'::jsonb) || rules where trade = 'school';
update organizations set rules = jsonb_build_object('messages', '[{"kind": "booked", "to": "client", "channels": ["email"]}, {"kind": "booked", "to": "provider", "channels": ["email"]}, {"kind": "confirmed", "to": "client", "channels": ["email"]}, {"kind": "declined", "to": "client", "channels": ["email"]}, {"kind": "cancelled", "to": "client", "channels": ["email"]}, {"kind": "cancelled", "to": "provider", "channels": ["email"]}, {"kind": "rescheduled", "to": "client", "channels": ["email"]}, {"kind": "rescheduled", "to": "provider", "channels": ["email"]}]'::jsonb) || rules where trade = 'general';
update organizations set rules = jsonb_build_object('messages', '[{"kind": "booked", "to": "client", "channels": ["email"]}, {"kind": "confirmed", "to": "client", "channels": ["email", "sms"]}, {"kind": "declined", "to": "client", "channels": ["email", "sms"]}, {"kind": "rescheduled", "to": "client", "channels": ["email", "sms"]}, {"kind": "cancelled", "to": "client", "channels": ["email", "sms"]}]'::jsonb) || rules where trade = 'office';
update organizations set rules = jsonb_build_object('messages', '[{"kind": "booked", "to": "client", "channels": ["email"]}, {"kind": "confirmed", "to": "provider", "channels": ["sms"]}, {"kind": "cancelled", "to": "client", "channels": ["sms"]}, {"kind": "cancelled", "to": "provider", "channels": ["sms"]}, {"kind": "declined", "to": "client", "channels": ["sms"]}, {"kind": "rescheduled", "to": "client", "channels": ["sms"]}, {"kind": "rescheduled", "to": "provider", "channels": ["sms"]}, {"kind": "no_show", "to": "client", "channels": ["sms"]}, {"kind": "no_show", "to": "provider", "channels": ["sms"]}]'::jsonb) || rules where trade = 'clinic';
update organizations set rules = jsonb_build_object('messages', '[{"kind": "booked", "to": "client", "channels": ["email", "sms", "push"]}, {"kind": "booked", "to": "provider", "channels": ["email", "sms", "push"]}, {"kind": "confirmed", "to": "client", "channels": ["email", "sms", "push"]}, {"kind": "confirmed", "to": "provider", "channels": ["email", "sms", "push"]}, {"kind": "cancelled", "to": "client", "channels": ["email", "sms", "push"]}, {"kind": "cancelled", "to": "provider", "channels": ["email", "sms", "push"]}, {"kind": "rescheduled", "to": "client", "channels": ["email", "sms", "push"]}, {"kind": "rescheduled", "to": "provider", "channels": ["email", "sms", "push"]}, {"kind": "declined", "to": "client", "channels": ["email", "sms", "push"]}, {"kind": "no_show", "to": "client", "channels": ["email", "sms", "push"]}, {"kind": "follow_up", "to": "client", "channels": ["email", "sms", "push"]}]'::jsonb) || rules where trade = 'veterinary';
update organizations set rules = jsonb_build_object('come_early_minutes', case trade when 'office' then 10 else 0 end) || rules;
