import type { Static } from 'typebox'
import { readUser } from '../../server/accounts/accounts.ts'
import { inTransaction } from '../../server/database/transactions.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { endMember, listMemberships, type MembershipRow } from '../../server/people/members.ts'
import { lockParties } from '../../server/people/parties.ts'
import { requireNothingToCome } from '../../server/people/retiring.ts'
import { NotFound, Refusal } from '../../server/refusal.ts'
import { addMember, type Asking, changeMember, type Member } from './member-routes.ts'
import { viewHost } from './members.ts'
import type { HostChangeBody } from './office-shapes.ts'

export class NoHost extends Refusal {
  readonly code = 'no_host'
  readonly status = 400

  constructor() {
    super('This user has not the role of a host. Give it first.')
  }
}

export class OnlyPrimaryHost extends Refusal {
  readonly code = 'only_primary_host'
  readonly status = 400

  constructor() {
    super('This is the only primary host of the office. Make another one primary first.')
  }
}

/** Lets a user with the role of a host see citizens at an office. */
export async function assign(request: Asking, person_id: string, location_id: string, is_primary: boolean) {
  const { db, organization } = request
  await findLocation(db, organization.id, location_id)
  const { roles } = await readUser(db, organization.id, person_id)
  if (!roles.includes('provider')) throw new NoHost()
  const member = { location_id, person_id }
  return viewHost(await addMember(request, member, { position: 'Host', is_primary }), organization)
}

/** Says anew what is said of a host, also of one who had left; ended, the assignment ends as `release` ends it. */
export async function changeHost(
  { db, actor, organization, now }: Asking,
  member: Member,
  { is_primary, is_active }: Static<typeof HostChangeBody>,
): Promise<MembershipRow> {
  return inTransaction(db, async (trx) => {
    const within = { db: trx, actor, organization, now }
    const find = () =>
      listMemberships(trx, organization.id, { ...member, of_providers: true, include_ended: true })
    if ((await find()).length === 0) throw new NotFound('host')
    if (is_active === false) {
      await release(within, member)
      return (await find())[0]!
    }
    const change = { is_primary: is_primary ?? undefined, ends: false, begins: is_active === true }
    return changeMember(within, member, change)
  })
}

/** A host leaves an office that has another primary one, with nothing to come there. */
export async function release({ db, actor, organization, now }: Asking, member: Member): Promise<void> {
  const { location_id, person_id } = member
  await inTransaction(db, async (trx) => {
    await lockParties(trx, organization.id, [person_id, location_id])
    const there = await listMemberships(trx, organization.id, { location_id, of_providers: true })
    const own = there.find((row) => row.person_id === person_id)
    if (!own) throw new NotFound('host')
    const primaries = there.filter((row) => row.is_primary)
    if (own.is_primary && primaries.length === 1) throw new OnlyPrimaryHost()
    await requireNothingToCome(trx, organization.id, { provider_id: person_id, location_id }, now)
    await endMember(trx, actor, member, now)
  })
}
