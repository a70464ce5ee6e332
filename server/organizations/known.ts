import type { Database } from '../database/transactions.ts'
import type { Organization } from './organizations.ts'

const SECONDS_TRUSTED = 5

/**
 * Organizations by id and slug, as every request needs one: remembered for seconds. Verbs do not ask here; they read
 * the rules in their own transaction.
 */
export class KnownOrganizations {
  #db: Database
  #byKey = new Map<string, { organization: Organization | undefined; until: number }>()

  constructor(db: Database) {
    this.#db = db
  }

  organizationById = (id: string) =>
    this.#remember(`id ${id}`, () => this.#read().where('id', '=', id).executeTakeFirst())

  organizationBySlug = (slug: string) =>
    this.#remember(`slug ${slug}`, () => this.#read().where('slug', '=', slug).executeTakeFirst())

  onlyOrganization = () =>
    this.#remember('only', async () => {
      const [only, another] = await this.#read().limit(2).execute()
      return another ? undefined : only
    })

  /** The one that a dialect serves where nobody says which. */
  oldestOrganization = (trade: string) =>
    this.#remember(`oldest ${trade}`, () =>
      this.#read().where('trade', '=', trade).orderBy('created_at').orderBy('id').limit(1).executeTakeFirst(),
    )

  /** After a change in this process; other processes follow within seconds. */
  forget = () => this.#byKey.clear()

  #read() {
    return this.#db.selectFrom('organizations').selectAll()
  }

  async #remember(
    key: string,
    read: () => Promise<Organization | undefined>,
  ): Promise<Organization | undefined> {
    const remembered = this.#byKey.get(key)
    if (remembered && performance.now() < remembered.until) return remembered.organization
    const organization = await read()
    if (this.#byKey.size > 1000) this.#byKey.clear()
    // What was not found is asked for again: it may be made at any moment.
    if (organization)
      this.#byKey.set(key, { organization, until: performance.now() + SECONDS_TRUSTED * 1000 })
    return organization
  }
}
