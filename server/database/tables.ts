import type { ColumnType, Generated, Insertable, Selectable, Updateable } from 'kysely'
import type { Repetition } from '../../engine/repetition.ts'
import type { Action, Role } from '../permissions.ts'
import type { Fields, Rules, ServiceRules, Words } from '../../presets/preset.ts'

type Moment = Temporal.Instant
/** Written as JSON text, since the driver would turn an array into a PostgreSQL array. */
type Json<T> = ColumnType<T, string, string>
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>
type WithDefault<T> = Generated<T>

export type { Role } from '../permissions.ts'
export type PartyKind = 'person' | 'resource' | 'location'
export type AppointmentState =
  | 'pending'
  | 'confirmed'
  | 'arrived'
  | 'in_progress'
  | 'completed'
  | 'cancelled'
  | 'declined'
  | 'no_show'

export type NotificationState = 'planned' | 'sending' | 'sent' | 'failed' | 'skipped' | 'uncertain'
/** One time that a message was tried; `times` where the same came back again and again. */
export interface Attempt {
  at: string
  outcome: 'sent' | 'refused' | 'unreachable' | 'unclear' | 'interrupted'
  answer: string
  times?: number
}
export type RunState = 'planned' | 'running' | 'completed' | 'failed'

export interface Tables {
  organizations: {
    id: string
    slug: string
    name: string
    trade: string
    time_zone: string
    locale: string
    rules: Json<Rules>
    fields: Json<Fields>
    words: Json<Words>
    created_at: Moment
    updated_at: Moment
  }
  parties: {
    organization_id: string
    id: string
    kind: PartyKind
  }
  locations: {
    organization_id: string
    id: string
    name: string
    type: string | null
    description: string | null
    address: string | null
    phone: string | null
    time_zone: string | null
    is_active: WithDefault<boolean>
    created_at: Moment
    updated_at: Moment
    removed_at: Moment | null
  }
  people: {
    organization_id: string
    id: string
    name: string
    family_name: string | null
    email: string | null
    phone: string | null
    locale: string | null
    time_zone: string | null
    created_at: Moment
    updated_at: Moment
  }
  providers: {
    organization_id: string
    id: string
    bio: string | null
    details: JsonWithDefault<Record<string, unknown>>
    is_active: WithDefault<boolean>
    created_at: Moment
  }
  clients: {
    organization_id: string
    id: string
    notes: string | null
    details: JsonWithDefault<Record<string, unknown>>
    no_show_count: WithDefault<number>
    blocked_at: Moment | null
    created_at: Moment
  }
  photos: {
    organization_id: string
    person_id: string
    type: string
    width: number
    height: number
    content: Buffer
    sha256: Buffer
    updated_at: Moment
  }
  roles: {
    organization_id: string
    person_id: string
    role: Role
    granted_at: Moment
    granted_by: string | null
  }
  memberships: {
    organization_id: string
    location_id: string
    person_id: string
    position: string | null
    is_primary: WithDefault<boolean>
    assigned_at: Moment
    assigned_by: string | null
    ended_at: Moment | null
  }
  accounts: {
    organization_id: string
    person_id: string
    email: string
    password_hash: string | null
    email_verified_at: Moment | null
    is_active: WithDefault<boolean>
    credentials_changed_at: Moment
    last_login_at: Moment | null
    created_at: Moment
  }
  login_failures: {
    organization_id: string
    email: string
    failures: number
    first_failed_at: Moment
    locked_until: Moment | null
  }
  sessions: {
    organization_id: string
    id: string
    person_id: string
    created_at: Moment
    ended_at: Moment | null
    ended_because: string | null
  }
  refresh_tokens: {
    organization_id: string
    token_hash: Buffer
    session_id: string
    issued_at: Moment
    expires_at: Moment
    used_at: Moment | null
  }
  api_keys: {
    organization_id: string
    id: string
    name: string
    key_hash: Buffer
    scopes: Action[]
    created_by: string
    created_at: Moment
    expires_at: Moment | null
    last_used_at: Moment | null
    revoked_at: Moment | null
  }
  services: {
    organization_id: string
    id: string
    name: string
    description: string | null
    minutes: number
    step_minutes: number | null
    buffer_before_minutes: WithDefault<number>
    buffer_after_minutes: WithDefault<number>
    price: number | null
    currency: string | null
    resource_kinds: WithDefault<string[]>
    rules: JsonWithDefault<ServiceRules>
    is_active: WithDefault<boolean>
    created_at: Moment
    updated_at: Moment
  }
  provider_services: {
    organization_id: string
    service_id: string
    provider_id: string
    minutes: number | null
    price: number | null
  }
  resources: {
    organization_id: string
    id: string
    kind: string
    name: string
    location_id: string | null
    is_active: WithDefault<boolean>
    created_at: Moment
    updated_at: Moment
  }
  dependents: {
    organization_id: string
    id: string
    name: string
    birth_date: string | null
    notes: string | null
    details: JsonWithDefault<Record<string, unknown>>
    is_active: WithDefault<boolean>
    created_at: Moment
    updated_at: Moment
  }
  guardians: {
    organization_id: string
    dependent_id: string
    client_id: string
    added_at: Moment
    added_by: string | null
  }
  time_off: {
    organization_id: string
    id: string
    provider_id: string | null
    location_id: string | null
    starts_at: Moment
    ends_at: Moment
    reason: string | null
    created_by: string | null
    created_at: Moment
  }
  published_slots: {
    organization_id: string
    id: string
    provider_id: string
    service_id: string | null
    location_id: string | null
    starts_at: Moment
    ends_at: Moment
    capacity: WithDefault<number>
    kind: WithDefault<string>
    is_blocked: WithDefault<boolean>
    block_reason: string | null
    created_at: Moment
    updated_at: Moment
  }
  series: {
    organization_id: string
    id: string
    repetition: Json<Repetition>
    created_by: string | null
    created_at: Moment
  }
  hours: {
    organization_id: string
    id: string
    provider_id: string | null
    location_id: string | null
    weekday: number | null
    date: string | null
    opens: string | null
    closes: string | null
    created_at: Moment
  }
  appointments: {
    organization_id: string
    id: string
    provider_id: string
    client_id: string
    service_id: string | null
    location_id: string | null
    dependent_id: string | null
    slot_id: string | null
    series_id: string | null
    session_id: string
    starts_at: Moment
    ends_at: Moment
    buffer_before_minutes: WithDefault<number>
    buffer_after_minutes: WithDefault<number>
    state: AppointmentState
    pending_reason: string | null
    state_reason: string | null
    notes: string | null
    price: number | null
    charged: number | null
    details: JsonWithDefault<Record<string, unknown>>
    booked_by: string | null
    sequence: WithDefault<number>
    created_at: Moment
    updated_at: Moment
  }
  calendar_feeds: {
    organization_id: string
    person_id: string
    token_hash: Buffer
    made_at: Moment
  }
  holds: {
    organization_id: string
    id: string
    provider_id: string
    client_id: string | null
    service_id: string | null
    location_id: string | null
    dependent_id: string | null
    slot_id: string | null
    starts_at: Moment
    ends_at: Moment
    buffer_before_minutes: WithDefault<number>
    buffer_after_minutes: WithDefault<number>
    held_by: string
    expires_at: Moment
    created_at: Moment
  }
  appointment_resources: {
    organization_id: string
    appointment_id: string
    resource_id: string
  }
  reservations: {
    organization_id: string
    party_id: string
    during: string
    session_id: string
    appointment_id: string | null
    hold_id: string | null
  }
  appointment_events: {
    organization_id: string
    appointment_id: string
    id: string
    action: string
    actor_id: string | null
    reason: string | null
    before: Json<Record<string, unknown> | null> | null
    after: Json<Record<string, unknown>>
    happened_at: Moment
  }
  events: {
    organization_id: string
    id: string
    kind: string
    data: Json<Record<string, unknown>>
    created_at: Moment
    relayed_at: Moment | null
  }
  audit_log: {
    organization_id: string
    id: string
    actor_id: string | null
    action: string
    subject_kind: string
    subject_id: string
    before: Json<Record<string, unknown> | null> | null
    after: Json<Record<string, unknown> | null> | null
    happened_at: Moment
  }
  notifications: {
    organization_id: string
    id: string
    kind: string
    audience: 'client' | 'provider' | 'account'
    channel: 'email' | 'sms' | 'push'
    recipient_id: string
    appointment_id: string | null
    cause: string
    facts: JsonWithDefault<Record<string, unknown>>
    state: NotificationState
    reason: string | null
    address: string | null
    subject: string | null
    content: string | null
    tries: WithDefault<number>
    next_try_at: Moment
    worker_id: string | null
    service: string | null
    external_id: string | null
    attempts: JsonWithDefault<Attempt[]>
    asked_by: string | null
    created_at: Moment
    updated_at: Moment
    sent_at: Moment | null
  }
  preferences: {
    organization_id: string
    person_id: string
    channels: string[] | null
    quiet_from: string | null
    quiet_until: string | null
    updated_at: Moment
  }
  push_subscriptions: {
    organization_id: string
    id: string
    person_id: string
    endpoint: string
    p256dh: string
    auth: string
    created_at: Moment
  }
  stopped_phones: {
    organization_id: string
    phone: string
    stopped_at: Moment
  }
  inbound_messages: {
    organization_id: string
    id: string
    external_id: string | null
    sender: string
    receiver: string | null
    content: string
    person_id: string | null
    appointment_id: string | null
    command: string | null
    outcome: string
    reply: string
    received_at: Moment
  }
  templates: {
    organization_id: string
    kind: string
    audience: string
    locale: string
    subject: string
    content: string
    short: string
    updated_at: Moment
    updated_by: string | null
  }
  clockwork_runs: {
    organization_id: string
    id: string
    job: string
    due_at: Moment
    asked_by: string | null
    asked: Json<Record<string, unknown> | null> | null
    state: RunState
    attempts: WithDefault<number>
    worker_id: string | null
    started_at: Moment | null
    finished_at: Moment | null
    result: Json<Record<string, unknown> | null> | null
    error: string | null
  }
  workers: {
    id: string
    role: string
    host: string
    pid: number
    started_at: Moment
    seen_at: Moment
  }
  slot_templates: {
    organization_id: string
    provider_id: string
    service_id: string | null
    location_id: string | null
    week: Json<Record<string, { start: string; end: string }[]>>
    created_at: Moment
    updated_at: Moment
  }
  idempotency_keys: {
    organization_id: string
    asked_by: string
    key: string
    request_hash: string
    answer: Json<unknown> | null
    created_at: Moment
  }
}

export type Row<T extends keyof Tables> = Selectable<Tables[T]>
export type NewRow<T extends keyof Tables> = Insertable<Tables[T]>
export type RowChange<T extends keyof Tables> = Updateable<Tables[T]>
