import type { GrantedTo, Grants } from '../presets/preset.ts'

export const roles = ['admin', 'secretary', 'reception', 'provider', 'client'] as const
export type Role = (typeof roles)[number]

/** A person in an organization, with everything that decides what they may do. */
export interface Actor {
  organization_id: string
  /** Also the id of the provider and the client that this person is. */
  person_id: string
  session_id: string
  roles: Role[]
  /** Where a secretary or a receptionist acts. */
  location_ids: string[]
  /** What the organization lets its roles do beyond the table. */
  grants?: Grants
  /** Set where a program asks with an API key: all that the key is for, of what its maker may. */
  scopes?: Action[]
  api_key_id?: string
}

/** The clockwork: acts in an organization when nobody asks, in nobody's name. */
export interface TheClock extends Omit<Actor, 'person_id'> {
  person_id: null
}

export function theClock(organization_id: string): TheClock {
  return { organization_id, person_id: null, session_id: '', roles: ['admin'], location_ids: [] }
}

type Width = 'none' | 'own' | 'location' | 'all'
type Column = Role | 'visitor'

/**
 * Who may do what, how widely: the whole of it. `own` is what bears the actor's id as its provider (for the role
 * provider) or as its client; `location` is what belongs to one of the actor's locations. A role that is not named may
 * nothing; several roles add up. Everybody is the client of what they booked for themselves, so what a client may with
 * their own, each may. A visitor is whoever has not logged in; what they may, everybody may.
 */
const table = {
  'organization:read': {
    admin: 'all',
    secretary: 'all',
    reception: 'all',
    provider: 'all',
    client: 'all',
    visitor: 'all',
  },
  'organization:change': { admin: 'all' },
  'account:own': { admin: 'own', secretary: 'own', reception: 'own', provider: 'own', client: 'own' },
  'account:enter': {
    admin: 'all',
    secretary: 'all',
    reception: 'all',
    provider: 'all',
    client: 'all',
    visitor: 'all',
  },
  'users:manage': { admin: 'all' },
  'api_keys:manage': { admin: 'all' },
  'locations:read': {
    admin: 'all',
    secretary: 'all',
    reception: 'all',
    provider: 'all',
    client: 'all',
    visitor: 'all',
  },
  'locations:change': { admin: 'all' },
  'members:read': { admin: 'all', secretary: 'location', reception: 'location' },
  'members:change': { admin: 'all' },
  'providers:read': {
    admin: 'all',
    secretary: 'all',
    reception: 'all',
    provider: 'all',
    client: 'all',
    visitor: 'all',
  },
  'providers:create': { admin: 'all' },
  'providers:change': { admin: 'all', provider: 'own' },
  'clients:read': { admin: 'all', secretary: 'all', reception: 'all', provider: 'own', client: 'own' },
  'clients:create': { admin: 'all', secretary: 'all', reception: 'all' },
  'clients:change': { admin: 'all', secretary: 'all', reception: 'all', client: 'own' },
  'clients:unblock': { admin: 'all' },
  'dependents:read': { admin: 'all', secretary: 'all', reception: 'all', provider: 'own', client: 'own' },
  'dependents:create': { admin: 'all', secretary: 'all', reception: 'all', client: 'own' },
  'dependents:change': {
    admin: 'all',
    secretary: 'all',
    reception: 'all',
    provider: 'own',
    client: 'own',
  },
  'guardians:change': { admin: 'all', secretary: 'all', reception: 'all' },
  'services:read': {
    admin: 'all',
    secretary: 'all',
    reception: 'all',
    provider: 'all',
    client: 'all',
    visitor: 'all',
  },
  'services:change': { admin: 'all' },
  'resources:read': { admin: 'all', secretary: 'all', reception: 'all', provider: 'all' },
  'resources:change': { admin: 'all' },
  'hours:read': {
    admin: 'all',
    secretary: 'all',
    reception: 'all',
    provider: 'all',
    client: 'all',
    visitor: 'all',
  },
  'hours:change': { admin: 'all', secretary: 'location', provider: 'own' },
  'time_off:read': { admin: 'all', secretary: 'location', reception: 'location', provider: 'own' },
  'time_off:change': { admin: 'all', secretary: 'location', provider: 'own' },
  'slots:publish': { admin: 'all', secretary: 'location', provider: 'own' },
  'slots:read': {
    admin: 'all',
    secretary: 'all',
    reception: 'all',
    provider: 'all',
    client: 'all',
    visitor: 'all',
  },
  'appointments:read': {
    admin: 'all',
    secretary: 'location',
    reception: 'location',
    provider: 'own',
    client: 'own',
  },
  'appointments:book': {
    admin: 'all',
    secretary: 'location',
    reception: 'location',
    provider: 'own',
    client: 'own',
  },
  'appointments:change': {
    admin: 'all',
    secretary: 'location',
    reception: 'location',
    provider: 'own',
    client: 'own',
  },
  'appointments:cancel': {
    admin: 'all',
    secretary: 'location',
    reception: 'location',
    provider: 'own',
    client: 'own',
  },
  'appointments:confirm': { admin: 'all', secretary: 'location', provider: 'own', client: 'own' },
  'appointments:decline': { admin: 'all', secretary: 'location', provider: 'own' },
  'appointments:attend': { admin: 'all', secretary: 'location', reception: 'location', provider: 'own' },
  /** Putting right what was recorded wrongly, also of what has ended. */
  'appointments:correct': { admin: 'all' },
  /** What messages say; the desk is asked about it on the phone. */
  'templates:read': { admin: 'all', secretary: 'all' },
  'templates:change': { admin: 'all' },
  'audit:read': { admin: 'all' },
  'notifications:read': { admin: 'all', secretary: 'location', reception: 'location' },
  'notifications:send': { admin: 'all', secretary: 'location' },
  'jobs:read': { admin: 'all' },
  'jobs:run': { admin: 'all' },
  'statistics:read': { admin: 'all', secretary: 'location', reception: 'location', provider: 'own' },
  /** Booking and changing past the rules of notice and of missed appointments. */
  'policies:override': { admin: 'all' },
} as const satisfies Record<string, Partial<Record<Column, Width>>>

export type Action = keyof typeof table
export const actions = Object.keys(table) as Action[]

/** What no key is for: a person's own affairs, and whatever would let a stolen key make itself another way in. */
const keptFromKeys = new Set<Action>(['account:own', 'account:enter', 'users:manage', 'api_keys:manage'])
/** What a key can be for. */
export const scopes = actions.filter((action) => !keptFromKeys.has(action))

/** Which roles may do something, and how widely: for people to read. */
export function rolesThatMay(action: Action): { role: Role | 'visitor'; width: Width }[] {
  const row: Partial<Record<Column, Width>> = table[action]
  return Object.entries(row).map(([role, width]) => ({ role: role as Column, width }))
}

/** What no organization grants beyond the table: whatever somebody could make themselves more by. */
const keptFromRoles = new Set<Action>([
  ...keptFromKeys,
  'organization:change',
  'locations:change',
  'members:change',
  'providers:create',
  'appointments:correct',
  'audit:read',
  'jobs:read',
  'jobs:run',
  'policies:override',
])
/** What an organization may grant to its roles. */
export const grantable = actions.filter((action) => !keptFromRoles.has(action))

/** How far somebody reaches with an action. */
export interface Reach {
  everything: boolean
  /** Only what belongs to these locations. */
  location_ids: string[]
  /** Only what bears this person's id, in these capacities. */
  own: { person_id: string; as: ('provider' | 'client' | 'self')[] } | null
}

/** Answers how far the actor (null: a visitor) reaches with an action; null where they may not do it at all. */
export function reachOf(actor: Actor | TheClock | null, action: Action): Reach | null {
  if (actor?.scopes && !(actor.scopes.includes(action) && scopes.includes(action))) return null
  const row: Partial<Record<Column, Width>> = table[action]
  const columns: Column[] = [...(actor?.roles ?? []), 'visitor']
  const granted = grantable.includes(action) ? actor?.grants : undefined
  const widths = columns.flatMap((column): [Column, Width][] => [
    [column, row[column] ?? 'none'],
    [column, granted?.[column as GrantedTo]?.[action] ?? 'none'],
  ])
  if (widths.some(([, width]) => width === 'all')) return { everything: true, location_ids: [], own: null }

  const atLocations = widths.some(([, width]) => width === 'location')
  const as = widths.filter(([, width]) => width === 'own').map(([column]) => capacityOf(column))
  if (actor && row.client === 'own' && !as.includes('client')) as.push('client')
  if (!actor || actor.person_id === null || (!atLocations && as.length === 0)) return null
  return {
    everything: false,
    location_ids: atLocations ? actor.location_ids : [],
    own: as.length > 0 ? { person_id: actor.person_id, as } : null,
  }
}

/** Whether somebody may do this to something, given whose it is and where. */
export function may(
  actor: Actor | TheClock | null,
  action: Action,
  thing: { provider_id?: string | null; client_id?: string | null; location_id?: string | null } = {},
): boolean {
  const reach = reachOf(actor, action)
  if (!reach) return false
  if (reach.everything) return true
  if (thing.location_id && reach.location_ids.includes(thing.location_id)) return true
  if (!reach.own) return false
  const { person_id, as } = reach.own
  return (
    (as.includes('provider') && thing.provider_id === person_id) ||
    (as.includes('client') && thing.client_id === person_id)
  )
}

/** Whether somebody works here: what is the staff's own (the desk's notes, fields of theirs) is shown to them. */
export function isStaff(actor: Actor | null): boolean {
  return actor?.roles.some((role) => role !== 'client') ?? false
}

function capacityOf(column: Column): 'provider' | 'client' | 'self' {
  return column === 'provider' || column === 'client' ? column : 'self'
}
