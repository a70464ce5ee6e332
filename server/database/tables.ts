import type { ColumnType, Generated, Insertable, Selectable, Updateable } from 'kysely'
import type { Role } from '../permissions.ts'
import type { Fields, Rules, Words } from '../../presets/preset.ts'

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
    description: string | null
    address: string | null
    phone: string | null
    time_zone: string | null
    is_active: WithDefault<boolean>
    created_at: Moment
    updated_at: Moment
  }
  people: {
    organization_id: string
    id: string
    name: string
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
    is_active: WithDefault<boolean>
    created_at: Moment
    updated_at: Moment
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
    details: JsonWithDefault<Record<string, unknown>>
    booked_by: string | null
    sequence: WithDefault<number>
    created_at: Moment
    updated_at: Moment
  }
  holds: {
    organization_id: string
    id: string
    provider_id: string
    client_id: string | null
    service_id: string | null
    location_id: string | null
    starts_at: Moment
    ends_at: Moment
    buffer_before_minutes: WithDefault<number>
    buffer_after_minutes: WithDefault<number>
    held_by: string
    expires_at: Moment
    created_at: Moment
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
