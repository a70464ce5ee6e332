import { createUser } from '../server/accounts/users.ts'
import { type Database, inTransaction } from '../server/database/transactions.ts'
import { createOrganization } from '../server/organizations/organizations.ts'
import { trades } from '../server/organizations/trades.ts'
import { InvalidInput } from '../server/refusal.ts'

export interface SetupWanted {
  trade: string
  name: string
  slug: string
  time_zone: string
  locale?: string
  /** The first administrator's address; without one, whoever first registers as administrator becomes it. */
  admin?: string
  password?: string
}

/** Makes an organization and its first administrator, both or neither; answers what to tell whoever asked. */
export async function setUp(db: Database, wanted: SetupWanted, now: Temporal.Instant): Promise<string> {
  const preset = trades[wanted.trade]
  if (!preset) {
    throw new InvalidInput([{ field: 'trade', message: `must be one of ${Object.keys(trades).join(', ')}` }])
  }
  const { admin, password } = wanted
  if (admin !== undefined && !/^[^\s@]+@[^\s@]+$/.test(admin)) {
    throw new InvalidInput([{ field: 'admin', message: 'must be an e-mail address' }])
  }
  if ((admin === undefined) !== (password === undefined)) {
    throw new InvalidInput([
      { field: admin ? 'password' : 'admin', message: 'is missing: give both, or neither' },
    ])
  }
  await inTransaction(db, async (trx) => {
    const { id } = await createOrganization(trx, preset, wanted, now)
    if (admin === undefined) return
    const by = { organization_id: id, person_id: null }
    await createUser(trx, by, { email: admin, name: 'Administrator', roles: ['admin'], password }, now)
  })
  return admin
    ? `${wanted.name} is ready. ${admin} is its administrator.`
    : `${wanted.name} is ready. The first who registers as its administrator becomes it.`
}
