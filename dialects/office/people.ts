import type { User } from '../../server/accounts/accounts.ts'
import type { Organization } from '../../server/http/routes.ts'
import { actions, type Actor, reachOf, type Role } from '../../server/permissions.ts'
import { localOf } from '../local-times.ts'
import { partsOf } from './names.ts'
import type { roles } from './user-shapes.ts'

type OfficeRole = (typeof roles)[number]

const roleNames: Record<Role, OfficeRole> = {
  admin: 'admin',
  provider: 'host',
  secretary: 'secretary',
  reception: 'reception',
  client: 'user',
}

/** The core's role of that name; undefined where there is none. */
export function roleNamed(name: string): Role | undefined {
  const found = Object.entries(roleNames).find(([, own]) => own === name.toLowerCase())
  return found?.[0] as Role | undefined
}

export function viewUser(user: User, { time_zone }: Organization) {
  const { id, email, is_active, is_verified, created_at, updated_at } = user
  const { first, last } = partsOf(user)
  return {
    id,
    first_name: first,
    last_name: last,
    email,
    is_active,
    is_verified,
    is_system_user: false,
    created_at: localOf(created_at, time_zone),
    updated_at: localOf(updated_at, time_zone),
    roles: user.roles.map((role) => roleNames[role]),
  }
}

/** What somebody may do at all, as resource:action. */
export function permissionsOf(actor: Actor): string[] {
  return actions.filter((action) => reachOf(actor, action) !== null).map(String)
}
