import { createUser } from '../server/accounts/users.ts'
import type { Transaction } from '../server/database/transactions.ts'
import { replaceWeek } from '../server/hours/hours.ts'
import { listLocations, type Location } from '../server/organizations/locations.ts'
import { createOrganization, type Organization } from '../server/organizations/organizations.ts'
import { addClient, changeClient } from '../server/people/clients.ts'
import { setMember } from '../server/people/members.ts'
import { changeProvider } from '../server/people/providers.ts'
import type { Actor, Role } from '../server/permissions.ts'
import { listServices, type Service } from '../server/services/services.ts'
import type { Preset } from '../presets/preset.ts'
import { week } from './hours.ts'
import { type Login, loginOf } from './logins.ts'
import { crowd, type Stranger } from './people.ts'
import { type Random, randomFrom } from './random.ts'

/** One organization of the demo. Its slug is its trade. */
export interface Scene {
  preset: Preset
  name: string
  time_zone: string
  locale: string
  /** Numbers reserved for fiction: what each begins with, and how many digits follow. */
  phones: { prefix: string; digits: number }
  /** How many weeks ago it was founded: twelve unless said. */
  weeks?: number
  fill(stage: Stage): Promise<void>
}

/** What everybody who fills an organization needs. */
export interface Stage {
  trx: Transaction
  organization: Organization
  /** The one place that the organization has from the beginning. */
  location: Location
  services: Service[]
  admin: Actor
  random: Random
  nextStranger: () => Stranger
  now: Temporal.Instant
  /** When the organization was made: before everything that is told of it. */
  founded: Temporal.Instant
}

/** Somebody of the demo, and who acts for them: themselves, or the administrator where they have no log-in. */
export interface Somebody {
  id: string
  name: string
  actor: Actor
}

const WEEKS = 12

/** Makes the organization, as of some weeks ago, and its administrator. Throws SlugTaken where it exists. */
export async function openStage(trx: Transaction, scene: Scene, now: Temporal.Instant): Promise<Stage> {
  const { preset, phones, weeks = WEEKS } = scene
  const slug = preset.trade
  const founded = now.subtract({ hours: weeks * 7 * 24 })
  const organization = await createOrganization(trx, preset, { ...scene, slug }, founded)
  const random = randomFrom(slug)
  const nextStranger = crowd(random, phones)
  const setUp = { organization_id: organization.id, person_id: null }
  const wanted = { ...nextStranger(), ...loginOf('admin', slug), roles: ['admin' as const] }
  const { id } = await createUser(trx, setUp, wanted, founded)
  const [location] = await listLocations(trx, organization.id)
  const { items: services } = await listServices(trx, organization.id, {})
  const admin = actorOf(organization, id, ['admin'])
  return { trx, organization, location: location!, services, admin, random, nextStranger, now, founded }
}

/** Makes a provider with a log-in and hours, such as `Mon-Thu 09:00-12:30 13:15-17:00`. */
export async function hire(
  stage: Stage,
  login: Login,
  { bio, details, hours }: { bio: string; details?: Record<string, unknown>; hours: string[] },
): Promise<Somebody> {
  const { trx, admin, founded } = stage
  const provider = await addUser(stage, stage.nextStranger(), login, 'provider')
  await changeProvider(trx, admin, provider.id, { bio, details }, founded)
  await replaceWeek(trx, admin, { provider_id: provider.id }, week(...hours), founded)
  return provider
}

/** Makes a client with a log-in. */
export async function enrol(
  stage: Stage,
  login: Login,
  about: { locale?: string; details?: (stranger: Stranger) => Record<string, unknown> } = {},
): Promise<Somebody> {
  const { trx, admin, founded } = stage
  const stranger = stage.nextStranger()
  const client = await addUser(stage, stranger, login, 'client')
  const { locale, details } = about
  await changeClient(trx, admin, client.id, { locale, details: details?.(stranger) }, founded)
  return client
}

/** Makes a client without a log-in, as the desk writes down whoever calls. */
export async function writeDown(stage: Stage): Promise<Somebody> {
  const { trx, admin, founded } = stage
  const { name, phone, email } = stage.nextStranger()
  const { id } = await addClient(trx, admin, { name, phone, email }, founded)
  return { id, name, actor: admin }
}

/** Makes somebody who works at a location without being booked. */
export async function employ(
  stage: Stage,
  login: Login,
  role: 'secretary' | 'reception',
  location: Location,
): Promise<Somebody> {
  const somebody = await addUser(stage, stage.nextStranger(), login, role)
  await assign(stage, somebody, location, role)
  return somebody
}

/** Makes somebody a member of a location; the first that they are assigned to is their main one. */
export async function assign(
  { trx, admin, founded }: Stage,
  somebody: Somebody,
  location: Location,
  position: string,
): Promise<void> {
  const is_primary = somebody.actor.location_ids.length === 0
  const where = { location_id: location.id, person_id: somebody.id }
  await setMember(trx, admin, where, { position, is_primary }, founded)
  somebody.actor.location_ids.push(location.id)
}

async function addUser(
  { trx, organization, admin, founded }: Stage,
  { name, phone }: Stranger,
  login: Login,
  role: Role,
): Promise<Somebody> {
  const { id } = await createUser(trx, admin, { ...login, name, phone, roles: [role] }, founded)
  return { id, name, actor: actorOf(organization, id, [role]) }
}

function actorOf(organization: Organization, person_id: string, roles: Role[]): Actor {
  return { organization_id: organization.id, person_id, session_id: '', roles, location_ids: [] }
}
