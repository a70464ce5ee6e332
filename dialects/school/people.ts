import { type User, selectUsers } from '../../server/accounts/accounts.ts'
import { type Person, readPeople } from '../../server/accounts/people.ts'
import type { Database, Transaction } from '../../server/database/transactions.ts'
import type { Organization } from '../../server/http/routes.ts'
import type { Family } from '../../server/people/families.ts'
import { listProviders, type Provider } from '../../server/people/providers.ts'
import { localOf } from '../local-times.ts'
import type { roles } from './shapes.ts'

type SchoolRole = (typeof roles)[number]

export function roleOf({ roles }: Pick<User, 'roles'>): SchoolRole {
  if (roles.includes('admin')) return 'admin'
  return roles.some((role) => role !== 'client') ? 'teacher' : 'parent'
}

export function viewUser(user: User, { time_zone }: Pick<Organization, 'time_zone'>) {
  const { id, email, name: full_name, is_active } = user
  const [created_at, updated_at] = [user.created_at, user.updated_at].map((at) => localOf(at, time_zone))
  return {
    id,
    email,
    full_name,
    role: roleOf(user),
    is_active,
    created_at: created_at!,
    updated_at: updated_at!,
  }
}

export type SchoolUser = ReturnType<typeof viewUser>

/** Everybody by their id; who has no log-in is shown as a user who cannot log in. */
export interface People {
  userOf(id: string, role: SchoolRole): SchoolUser
  phoneOf(id: string): string | null
}

export async function readEverybody(
  db: Database | Transaction,
  organization: Organization,
  ids: string[],
): Promise<People> {
  const wanted = [...new Set(ids)]
  const people = new Map((await readPeople(db, organization.id, wanted)).map((one) => [one.id, one]))
  const users = wanted.length
    ? await selectUsers(db, organization.id).where('account.person_id', 'in', wanted).execute()
    : []
  const byId = new Map(users.map((user) => [user.id, viewUser(user, organization)]))
  return {
    userOf: (id, role) => byId.get(id) ?? withoutLogIn(people.get(id)!, role, organization),
    phoneOf: (id) => people.get(id)?.phone ?? null,
  }
}

function withoutLogIn(person: Person, role: SchoolRole, { time_zone }: Organization): SchoolUser {
  const [created_at, updated_at] = [person.created_at, person.updated_at].map((at) => localOf(at, time_zone))
  const { id, email, name: full_name } = person
  const times = { created_at: created_at!, updated_at: updated_at! }
  return { id, email: email ?? '', full_name, role, is_active: false, ...times }
}

export type SchoolTeacher = ReturnType<typeof viewTeacher>

/** The teacher is the provider with the same id; the profile is theirs. */
export function viewTeacher({ id, bio, details }: Pick<Provider, 'id' | 'bio' | 'details'>, people: People) {
  const user = people.userOf(id, 'teacher')
  const { created_at, updated_at } = user
  const { branch = null, subject = null } = details as { branch?: string; subject?: string }
  return { id, user_id: id, branch, subject, bio, phone: people.phoneOf(id), created_at, updated_at, user }
}

export type SchoolParent = ReturnType<typeof viewParent>

/** The parent is the client with the same id, with the first of the students they come for. */
export function viewParent(family: FamilyShown, people: People) {
  const { id, phone, details, dependent_name: student_name, dependent_details } = family
  const user = people.userOf(id, 'parent')
  const { created_at, updated_at } = user
  const { notes = null } = details as { notes?: string | null }
  const { class: student_class = null } = dependent_details as { class?: string | null }
  return { id, user_id: id, student_name, student_class, phone, notes, created_at, updated_at, user }
}

type FamilyShown = Pick<Family, 'id' | 'phone' | 'details' | 'dependent_name' | 'dependent_details'>

/** The teachers with these ids, whether they still are or have been. */
export async function readTeachers(
  db: Database | Transaction,
  organization: Organization,
  ids: string[],
): Promise<Map<string, SchoolTeacher>> {
  const wanted = [...new Set(ids)]
  const { items } = await listProviders(db, organization.id, {
    ids: wanted,
    include_inactive: true,
    limit: wanted.length || 1,
  })
  const people = await readEverybody(db, organization, wanted)
  return new Map(items.map((provider) => [provider.id, viewTeacher(provider, people)]))
}
