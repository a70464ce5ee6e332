import { sql } from 'kysely'
import type { Transaction } from '../database/transactions.ts'
import type { Role } from '../permissions.ts'
import { listLocations } from '../organizations/locations.ts'
import type { Organization } from '../organizations/organizations.ts'
import type { Place } from './problems.ts'
import type { Written } from './writing.ts'

/** A human of the organization: one who was there before, or one whom a file brings. */
export interface Somebody {
  id: string
  name: string
  email: string | null
  phone: string | null
  roles: Set<Role>
  /** The row that brought them; null for who was there before. */
  place: Place | null
  /** What is to be written of them, where a file brings them. */
  person?: Written<'people'>
  account?: Written<'accounts'>
  has_account: boolean
  location_ids: Set<string>
}

/** Something that rows name. */
export interface Named {
  id: string
  name: string
}

/** Who and what there is to be named by a row: what was there before, and what files before it bring. */
export class Known {
  #byEmail = new Map<string, Somebody[]>()
  #byPhone = new Map<string, Somebody[]>()
  #byName = new Map<string, Somebody[]>()
  #locations = new Map<string, Named>()
  #services = new Map<string, Named>()
  #dependents = new Map<string, Named[]>()

  static async read(trx: Transaction, { id }: Organization): Promise<Known> {
    const known = new Known()
    for (const location of await listLocations(trx, id)) known.#locations.set(keyOf(location.name), location)
    const services = trx.selectFrom('services').select(['id', 'name']).where('organization_id', '=', id)
    for (const service of await services.execute()) known.#services.set(keyOf(service.name), service)
    for (const { client_id, ...ward } of await selectWards(trx, id).execute())
      known.addDependent(client_id, ward)
    for (const { account_email, ...row } of await selectPeople(trx, id).execute()) {
      const has_account = account_email !== null
      const somebody = { ...row, roles: new Set(row.roles), has_account, location_ids: new Set<string>() }
      known.add({ ...somebody, place: null }, account_email)
    }
    return known
  }

  /** From now on rows can name them, also by the address that they log in with. Twice does no harm. */
  add(somebody: Somebody, account_email: string | null = null): void {
    const emails = new Set([somebody.email, account_email].flatMap((email) => (email ? [keyOf(email)] : [])))
    for (const email of emails) put(this.#byEmail, email, somebody)
    if (somebody.phone) put(this.#byPhone, somebody.phone, somebody)
    put(this.#byName, keyOf(somebody.name), somebody)
  }

  addDependent(client_id: string, dependent: Named): void {
    put(this.#dependents, client_id, dependent)
  }

  /** Those of a client who have this name. */
  dependentsOf(client_id: string, name: string): Named[] {
    const all = this.#dependents.get(client_id) ?? []
    return all.filter((one) => keyOf(one.name) === keyOf(name))
  }

  byEmail(email: string): Somebody[] {
    return this.#byEmail.get(keyOf(email)) ?? []
  }

  /** By the address or the phone that another file names them by. */
  byReference(text: string): Somebody[] {
    return text.includes('@') ? this.byEmail(text) : (this.#byPhone.get(text) ?? [])
  }

  byName(name: string): Somebody[] {
    return this.#byName.get(keyOf(name)) ?? []
  }

  location(name: string) {
    return this.#locations.get(keyOf(name))
  }

  service(name: string) {
    return this.#services.get(keyOf(name))
  }

  get locationNames(): string {
    return namesIn(this.#locations)
  }

  get serviceNames(): string {
    return namesIn(this.#services)
  }
}

function selectPeople(trx: Transaction, organization_id: string) {
  return trx
    .selectFrom('people as person')
    .leftJoin('accounts as account', (join) =>
      join
        .onRef('account.organization_id', '=', 'person.organization_id')
        .onRef('account.person_id', '=', 'person.id'),
    )
    .select(['person.id', 'person.name', 'person.email', 'person.phone', 'account.email as account_email'])
    .select(rolesOfPerson.as('roles'))
    .where('person.organization_id', '=', organization_id)
}

function selectWards(trx: Transaction, organization_id: string) {
  return trx
    .selectFrom('guardians as guardian')
    .innerJoin('dependents as dependent', (join) =>
      join
        .onRef('dependent.organization_id', '=', 'guardian.organization_id')
        .onRef('dependent.id', '=', 'guardian.dependent_id'),
    )
    .select(['guardian.client_id', 'dependent.id', 'dependent.name'])
    .where('guardian.organization_id', '=', organization_id)
}

/** What somebody is: who books for themself is a client without the role. */
const rolesOfPerson = sql<Role[]>`array(
  select role from roles where organization_id = person.organization_id and person_id = person.id
  union select 'provider' from providers where organization_id = person.organization_id and id = person.id
  union select 'client' from clients where organization_id = person.organization_id and id = person.id)`

const keyOf = (text: string) => text.toLowerCase()

function namesIn(things: Map<string, { name: string }>): string {
  return [...things.values()].map(({ name }) => name).join(', ') || 'none'
}

function put<V>(map: Map<string, V[]>, key: string, value: V): void {
  const there = map.get(key)
  if (!there) map.set(key, [value])
  else if (!there.includes(value)) there.push(value)
}
