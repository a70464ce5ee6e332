import { linkTokenFor } from '../server/accounts/credentials.ts'
import { beginSession } from '../server/accounts/sessions.ts'
import type { LinkPurpose } from '../server/accounts/tokens.ts'
import { createUser } from '../server/accounts/users.ts'
import { inTransaction } from '../server/database/transactions.ts'
import { replaceWeek, type Window } from '../server/hours/hours.ts'
import { changeOrganization } from '../server/organizations/changes.ts'
import { addLocation, type Location, type LocationContent } from '../server/organizations/locations.ts'
import { createOrganization, type Organization } from '../server/organizations/organizations.ts'
import { trades } from '../server/organizations/trades.ts'
import type { Role } from '../server/permissions.ts'
import { addResource, type Resource, type ResourceContent } from '../server/services/resources.ts'
import { addService, type Service, type ServiceContent } from '../server/services/services.ts'
import type { Rules } from '../presets/preset.ts'
import { ask, type Asking, type TestApp } from './app.ts'

/** Somebody with an account, logged in. */
export interface Person {
  id: string
  email: string
  name: string
  token: string
}

export interface Stage {
  organization: Organization
  admin: Person
}

let count = 0
const unique = () => `${(++count).toString(36)}${Math.random().toString(36).slice(2, 8)}`
export const PASSWORD = 'Correct-Horse-9'

/** A new organization with an administrator: nobody of an earlier test is in it. */
export async function newOrganization(
  app: TestApp,
  options: { trade?: string; time_zone?: string; rules?: Partial<Rules> } = {},
): Promise<Stage> {
  const { trade = 'general', time_zone = 'UTC', rules } = options
  const slug = `org-${unique()}`
  const { db } = app.connection
  const made = await createOrganization(
    db,
    trades[trade]!,
    { slug, name: `The ${slug}`, time_zone },
    app.now(),
  )
  const admin = await newPerson(app, made, ['admin'])
  const organization = rules ? await changeOrganization(db, byNobody(made), { rules }, app.now()) : made
  return { organization, admin }
}

const byNobody = ({ id: organization_id }: Organization) => ({ organization_id, person_id: null })

/** Somebody new with these roles, logged in. */
export async function newPerson(
  app: TestApp,
  { id: organization_id }: Organization,
  roles: Role[],
): Promise<Person> {
  const { db } = app.connection
  const email = `${unique()}@example.com`
  const name = `${roles[0] ?? 'nobody'} ${email.split('@')[0]}`
  // Without a password, as hashing one is slow and few tests are about it; see newPersonWithPassword.
  const user = await createUser(db, { organization_id, person_id: null }, { email, name, roles }, app.now())
  return { id: user.id, email, name, token: await newToken(app, organization_id, user.id) }
}

export async function newPersonWithPassword(
  app: TestApp,
  organization: Organization,
  roles: Role[],
): Promise<Person> {
  const { db } = app.connection
  const email = `${unique()}@example.com`
  const by = { organization_id: organization.id, person_id: null }
  const wanted = { email, name: `${roles[0]}`, roles, password: PASSWORD }
  const user = await createUser(db, by, wanted, app.now())
  return { id: user.id, email, name: wanted.name, token: await newToken(app, organization.id, user.id) }
}

/** A provider who is open Monday to Friday, nine to five, unless other hours are given. */
export async function newProvider(
  app: TestApp,
  stage: Stage,
  hours: { weekdays?: number[] } & Partial<Window> = {},
): Promise<Person> {
  const provider = await newPerson(app, stage.organization, ['provider'])
  const { weekdays = [1, 2, 3, 4, 5], opens = '09:00', closes = '17:00' } = hours
  const actor = {
    organization_id: stage.organization.id,
    person_id: stage.admin.id,
    session_id: '',
    roles: ['admin' as const],
    location_ids: [],
  }
  const windows = weekdays.map((weekday) => ({ weekday, opens, closes }))
  await replaceWeek(app.connection.db, actor, { provider_id: provider.id }, windows, app.now())
  return provider
}

export const newClient = (app: TestApp, { organization }: Stage): Promise<Person> =>
  newPerson(app, organization, ['client'])

export function newService(
  app: TestApp,
  { organization }: Stage,
  content: Partial<ServiceContent> = {},
): Promise<Service> {
  const wanted = { name: `Service ${unique()}`, minutes: 30, ...content }
  return addService(app.connection.db, byNobody(organization), wanted, app.now())
}

export function newLocation(
  app: TestApp,
  { organization }: Stage,
  content: Partial<LocationContent> = {},
): Promise<Location> {
  const wanted = { name: `Location ${unique()}`, ...content }
  return addLocation(app.connection.db, byNobody(organization), wanted, app.now())
}

/** A room that can be used anywhere, unless something else is said. */
export function newResource(
  app: TestApp,
  { organization, admin }: Stage,
  content: Partial<ResourceContent> = {},
): Promise<Resource> {
  const { id: organization_id } = organization
  const actor = { organization_id, person_id: admin.id, session_id: '', roles: [], location_ids: [] }
  const wanted = { name: `Room ${unique()}`, kind: 'room', ...content }
  return addResource(app.connection.db, actor, wanted, app.now())
}

/** Publishes a slot as somebody; the answer is the test's to judge. */
export function publish(app: { address: string }, person: Person, body: Record<string, unknown>) {
  return ask(app.address, 'POST', '/published-slots', { token: person.token, body })
}

/** The id of a published slot. */
export async function newSlot(
  app: { address: string },
  { admin }: Stage,
  body: Record<string, unknown>,
): Promise<string> {
  const { status, body: slot } = await publish(app, admin, body)
  if (status !== 201) throw new Error(`no slot was published: ${JSON.stringify(slot)}`)
  return slot.id
}

/** Makes somebody a member of a location: providers are met there, the desk acts for it. */
export async function worksAt(
  app: TestApp,
  { organization }: Stage,
  { id: person_id }: Person,
  { id: location_id }: { id: string },
  { is_primary = false } = {},
): Promise<void> {
  const membership = { organization_id: organization.id, location_id, person_id, is_primary }
  await app.connection.db
    .insertInto('memberships')
    .values({ ...membership, assigned_at: app.now() })
    .execute()
}

/** Books as somebody; the answer is the test's to judge. */
export function book(
  app: { address: string },
  person: Person,
  body: Record<string, unknown>,
  asking: Asking = {},
) {
  return ask(app.address, 'POST', '/appointments', { token: person.token, body, ...asking })
}

/** A form with a file in it, as a page would send it. */
export function formWith(file: Buffer, name = 'photo.jpg', type = 'image/jpeg'): FormData {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(file)], { type }), name)
  return form
}

/** How somebody who has not logged in says whom they visit. */
export const visiting = ({ slug }: { slug: string }) => ({ 'x-organization': slug })

/** Logs in over HTTP; the answer is the test's to judge. */
export function logIn(app: TestApp, organization: Organization, email: string, password = PASSWORD) {
  return app.post('/auth/login', { headers: visiting(organization), body: { email, password } })
}

/** The token of a link as a message to this person would have it; server/accounts/links.test.ts has the messages. */
export async function linkFor(app: TestApp, { id }: { id: string }, purpose: LinkPurpose): Promise<string> {
  const accounts = app.connection.db.selectFrom('accounts').selectAll()
  const account = await accounts.where('person_id', '=', id).executeTakeFirstOrThrow()
  return linkTokenFor(app.tokens, purpose, account, app.now())
}

async function newToken(app: TestApp, organization_id: string, person_id: string): Promise<string> {
  const who = { organization_id, person_id }
  const minutes = 60 * 24 * 3650
  const issuing = { tokens: app.tokens, access_token_minutes: minutes }
  return inTransaction(app.connection.db, async (trx) => {
    const { access_token } = await beginSession(trx, issuing, who, app.now())
    return access_token
  })
}
