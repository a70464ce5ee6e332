import { Type } from 'typebox'
import type { FastifyRequest } from 'fastify'
import { inTransaction, type Database, type Transaction } from '../../server/database/transactions.ts'
import type { App } from '../../server/http/routes.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { endMember, listMemberships, type MembershipRow, setMember } from '../../server/people/members.ts'
import { lockParties } from '../../server/people/parties.ts'
import { InvalidInput, NotFound, Refusal } from '../../server/refusal.ts'
import { ref } from '../../server/shapes.ts'
import { instantOf } from '../local-times.ts'
import { viewMembership } from './members.ts'
import { byId } from './shapes.ts'
import { byMember, Membership, MembershipBody, MembershipChangeBody } from './office-shapes.ts'

export class MemberAlready extends Refusal {
  readonly code = 'member_already'
  readonly status = 409

  constructor() {
    super('This user is a member of the office already.')
  }
}

/** /offices/{id}/memberships: who works for an office. */
export function memberRoutes(app: App): void {
  const change = { config: { may: 'members:change' } } as const
  const answer = { 200: ref(Membership) }

  app.post(
    '/offices/:id/memberships',
    {
      config: { may: 'members:change', creates: true },
      schema: {
        summary: 'Make somebody a member',
        params: byId,
        body: ref(MembershipBody),
        response: { 201: ref(Membership) },
      },
    },
    async (request) => {
      const { params, body, organization } = request
      const { user_id: person_id, position, is_primary } = body
      const member = { location_id: params.id, person_id }
      return viewMembership(
        await addMember(request, member, { position, is_primary: is_primary ?? false }),
        organization,
      )
    },
  )

  app.get(
    '/offices/:id/memberships',
    {
      ...change,
      schema: {
        summary: 'The members, also those who have left',
        params: byId,
        response: { 200: Type.Array(ref(Membership)) },
      },
    },
    async ({ db, organization, params }) => {
      await findLocation(db, organization.id, params.id)
      const all = await listMemberships(db, organization.id, { location_id: params.id, include_ended: true })
      return all.map((row) => viewMembership(row, organization))
    },
  )

  app.patch(
    '/offices/:id/memberships/:user_id',
    {
      ...change,
      schema: {
        summary: 'Change a membership',
        params: byMember,
        body: ref(MembershipChangeBody),
        response: answer,
      },
    },
    async (request) => {
      const { params, body, organization } = request
      const { position, is_primary, is_active, ended_at } = body
      const ends = is_active === false || hasEnded(request, ended_at)
      const change = { position, is_primary: is_primary ?? undefined, ends, begins: is_active === true }
      const member = { location_id: params.id, person_id: params.user_id }
      return viewMembership(await changeMember(request, member, change), organization)
    },
  )

  app.delete(
    '/offices/:id/memberships/:user_id',
    { ...change, schema: { summary: 'End a membership', params: byMember, response: { 204: Type.Null() } } },
    async ({ db, actor, params, now }, reply) => {
      await endMember(db, actor, { location_id: params.id, person_id: params.user_id }, now)
      reply.status(204)
    },
  )
}

/** A membership ends when that is said, not before and not later; a clock may be a day wrong. */
function hasEnded({ organization, now }: Asking, ended_at: string | null | undefined): boolean {
  if (!ended_at) return false
  const at = instantOf('ended_at', ended_at, organization.time_zone)
  if (Temporal.Instant.compare(at, now.add({ hours: 24 })) > 0) {
    throw new InvalidInput([{ field: 'ended_at', message: 'must not lie ahead' }])
  }
  return true
}

/** What a verb needs of a request. */
export type Asking = Pick<FastifyRequest, 'db' | 'actor' | 'organization' | 'now'>

export interface Member {
  location_id: string
  person_id: string
}

/** Makes somebody a member who is none at present; who had left can come back. */
export async function addMember(
  { db, actor, organization, now }: Asking,
  member: Member,
  content: { position?: string | null; is_primary?: boolean },
): Promise<MembershipRow> {
  return inTransaction(db, async (trx) => {
    await lockParties(trx, organization.id, [member.location_id, member.person_id])
    const [known] = await listMemberships(trx, organization.id, member)
    if (known) throw new MemberAlready()
    // Who comes back has no longer the position of last time.
    const { position = null, is_primary = false } = content
    await setMember(trx, actor, member, { position, is_primary }, now)
    return (await find(trx, organization.id, member))!
  })
}

/** Changes what is said of a membership, and leaves the rest; ends it, or lets it begin again. */
export async function changeMember(
  { db, actor, organization, now }: Asking,
  member: Member,
  change: { position?: string | null; is_primary?: boolean; ends: boolean; begins: boolean },
): Promise<MembershipRow> {
  return inTransaction(db, async (trx) => {
    await lockParties(trx, organization.id, [member.location_id, member.person_id])
    const before = await find(trx, organization.id, member)
    if (!before || (before.ended_at && !change.begins)) throw new NotFound('member')
    const { position = before.position, is_primary = before.is_primary } = change
    await setMember(trx, actor, member, { position, is_primary }, now)
    if (change.ends) await endMember(trx, actor, member, now)
    return (await find(trx, organization.id, member))!
  })
}

async function find(db: Database | Transaction, organization_id: string, member: Member) {
  const [found] = await listMemberships(db, organization_id, { ...member, include_ended: true })
  return found
}
