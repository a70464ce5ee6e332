/** What a trade is, as plain data: everything here an administrator could set by hand afterwards. */
export interface Preset {
  trade: string
  title: string
  words: Words
  rules: Rules
  fields: Fields
  services: PresetService[]
}

/** What the trade calls things, in the singular and the plural. */
export type Words = Record<
  'organization' | 'location' | 'provider' | 'client' | 'dependent' | 'service' | 'resource' | 'appointment',
  Word
>
export interface Word {
  one: string
  many: string
}

export interface PresetService {
  name: string
  minutes: number
  step_minutes?: number
  buffer_before_minutes?: number
  buffer_after_minutes?: number
  resource_kinds?: string[]
  rules?: ServiceRules
}

export type MessageChannel = 'email' | 'sms' | 'push'
/** What people are told of, besides reminders; the words are in server/notifications/templates. */
export type MessageKind =
  | 'booked'
  | 'confirmed'
  | 'declined'
  | 'cancelled'
  | 'rescheduled'
  | 'no_show'
  | 'summary'
  | 'follow_up'

/** Who is told of what, on which channels. */
export interface MessageRule {
  kind: MessageKind
  to: 'client' | 'provider'
  channels: MessageChannel[]
}

export interface ReminderRule {
  minutes_before: number
  channels: MessageChannel[]
  /** The client alone, unless said. */
  to?: ('client' | 'provider')[]
}
export type RuleState = 'pending' | 'confirmed' | 'arrived' | 'in_progress'

export type GrantedTo = 'secretary' | 'reception' | 'provider' | 'client'
export type Grants = Partial<Record<GrantedTo, Partial<Record<string, 'own' | 'location' | 'all'>>>>

/** What an organization decides for itself. `null` means that there is no such limit. */
export interface Rules {
  /** What roles may here beyond what they may everywhere: which action, and how widely. */
  grants: Grants
  /** Whose confirmation a new booking waits for; with 'nobody' it is confirmed as soon as it is booked. */
  confirm_by: 'nobody' | 'client' | 'provider' | 'either'
  /** A booking must be made at least so long before its start. */
  notice_minutes: number
  /** A booking must start within so long from now. */
  horizon_minutes: number | null
  /** Clients and providers may cancel or move an appointment up to so long before its start. */
  change_notice_minutes: number
  /** Whether what is moved waits for its confirmation again, as a new booking does. */
  moving_asks_again: boolean
  /** Which starts can be booked: those on the grid of the opening hours, of the clock, or any inside the hours. */
  grid: 'windows' | 'clock' | 'none'
  /** Whether the service says how long it takes, or whoever books. */
  length: 'service' | 'request'
  /** Length of a slot where there is no service, and the bounds of what may be asked for. */
  slot_minutes: number
  least_minutes: number
  most_minutes: number
  /** Only published slots can be booked, whatever the hours. */
  published_slots_only: boolean
  /** Whether only that time can be booked which hours or published slots open; if not, who has no week can be booked at any time. */
  hours_needed: boolean
  /** On a day for which a provider has published slots, nothing else of that day can be booked. */
  slots_close_their_day: boolean
  /** Whoever books a published slot may say which part of it they need; the seat is theirs all the same. */
  slots_in_parts: boolean
  /** Whether the hours of a date take the place of the weekly ones, or are open as well. */
  dated_hours: 'replace' | 'add'
  /** Whether one client may have two appointments at the same time. */
  clients_may_overlap: boolean
  /** Whether a location takes one appointment at a time, whoever the provider is. */
  location_takes_one: boolean
  hold_minutes: number
  /** Nobody but the desk and the administrators keeps more than so many times at once. */
  most_holds: number
  /** Appointments of one provider that start on one day, in the organization's zone. */
  most_per_provider_and_day: number | null
  most_per_client_and_day: number | null
  /** Appointments of one client that are still to be; since the registration opened, also those that were. */
  most_per_client: number | null
  /** No second appointment with the same provider on behalf of the same dependent (or client), whoever books it. */
  one_per_provider_and_dependent: boolean
  /** No second appointment of a client at one location while there is one to come. */
  one_per_client_and_location: boolean
  /** Time that a client has to get from one appointment to the next. */
  walking_gap_minutes: number
  /** After so many appointments in a row a provider has a break of so many minutes. */
  break_after: { appointments: number; minutes: number } | null
  /** Booking is possible from and until then: RFC 3339. */
  registration_opens_at: string | null
  registration_closes_at: string | null
  /** In which states a visit that has taken place may be closed. */
  completes_from: RuleState[]
  /** Whether it may be said how an appointment went before it has begun. */
  closes_early: boolean
  /** Free times can be seen without logging in. */
  slots_are_public: boolean
  /** Who may make an account for themselves; nobody: only administrators make accounts. */
  sign_up_as: ('client' | 'provider')[]
  /** A phone is one person's: nobody else can be written down with it, or sign up. */
  one_person_per_phone: boolean
  /** Addresses that may sign up end in one of these domains; an empty list allows all. */
  email_domains: string[]
  log_in_needs_verified_email: boolean
  /** Passwords need an upper-case and a lower-case letter, a digit and a sign. */
  password_needs_classes: boolean
  access_token_minutes: number
  refresh_token_days: number
  /** What becomes of appointments whose time has passed and that nobody closed. */
  after_the_end: 'leave' | 'complete' | 'no_show'
  /** Minutes after the start after which nobody is expected any more; null: never decided by the clock. */
  no_show_after_minutes: number | null
  /** What still waits for confirmation so long before its start is cancelled; null: never by the clock. */
  cancel_unconfirmed_minutes_before: number | null
  /** Published slots that nobody booked go so many days after they passed; null: they stay. */
  unbooked_slots_kept_days: number | null
  /** Whether that is looked at each midnight, or in the night to Sunday. */
  unbooked_slots_cleaned: 'daily' | 'weekly'
  /** Messages and their records are removed after so many days; null: they stay. */
  notifications_kept_days: number | null
  /** So many appointments missed block a client from booking. */
  block_after_no_shows: number | null
  /** So long before the time that was agreed clients are asked to come. */
  come_early_minutes: number
  messages: MessageRule[]
  reminders: ReminderRule[]
  reminded_states: RuleState[]
}

/** Rules that a service may have of its own. Limits of its own count the appointments of that service alone. */
export const serviceRules = [
  'confirm_by',
  'published_slots_only',
  'notice_minutes',
  'horizon_minutes',
  'change_notice_minutes',
  'most_per_provider_and_day',
  'most_per_client_and_day',
  'most_per_client',
  'one_per_provider_and_dependent',
  'walking_gap_minutes',
  'break_after',
  'registration_opens_at',
  'registration_closes_at',
] as const satisfies (keyof Rules)[]
export type ServiceRules = Partial<Pick<Rules, (typeof serviceRules)[number]>>

export type FieldKind = 'text' | 'long_text' | 'number' | 'boolean' | 'date' | 'choice' | 'choices'

/** A field that only this trade knows: a pet's species, a visit's purpose. */
export interface Field {
  name: string
  label: string
  kind: FieldKind
  /** For choice and choices. */
  options?: string[]
  required?: boolean
  /** No two have the same value: a licence number. Of providers only. */
  unique?: boolean
  /** Who may see it and write it; everyone concerned unless said. */
  visible_to?: 'staff'
}

export type Fields = Record<'appointment' | 'client' | 'dependent' | 'provider', Field[]>
