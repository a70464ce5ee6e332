import { newId } from '../server/ids.ts'
import type { TestApp } from './app.ts'
import type { Person, Stage } from './cast.ts'

/** Many clients at once, each logged in: made in a few statements, where `newClient` would take a while. */
export async function newCrowd(app: TestApp, { organization }: Stage, size: number): Promise<Person[]> {
  const { db } = app.connection
  const organization_id = organization.id
  const now = app.now()
  const crowd = Array.from({ length: size }, (_, at) => {
    const id = newId()
    const person = { id, name: `Client ${at}`, email: `${id}@example.com`, session_id: newId() }
    const claims = { organization_id, person_id: id, session_id: person.session_id }
    return { ...person, token: app.tokens.issueAccess(claims, now, 60 * 24) }
  })
  const rows = <T extends object>(row: (person: (typeof crowd)[number]) => T) =>
    crowd.map((person) => ({ organization_id, ...row(person) }))

  await db
    .insertInto('parties')
    .values(rows(({ id }) => ({ id, kind: 'person' as const })))
    .execute()
  await db
    .insertInto('people')
    .values(rows(({ id, name, email }) => ({ id, name, email, created_at: now, updated_at: now })))
    .execute()
  await db
    .insertInto('clients')
    .values(rows(({ id }) => ({ id, created_at: now })))
    .execute()
  await db
    .insertInto('roles')
    .values(rows(({ id }) => ({ person_id: id, role: 'client' as const, granted_at: now })))
    .execute()
  await db
    .insertInto('accounts')
    .values(rows(({ id, email }) => ({ person_id: id, email, credentials_changed_at: now, created_at: now })))
    .execute()
  await db
    .insertInto('sessions')
    .values(rows(({ id, session_id }) => ({ id: session_id, person_id: id, created_at: now })))
    .execute()
  return crowd
}
