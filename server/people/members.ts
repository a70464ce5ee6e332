import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { sql } from 'kysely'
import { audit } from '../organizations/audit.ts'
import { findLocation } from '../organizations/locations.ts'
import { type Actor, may } from '../permissions.ts'
import { NotAllowed, NotFound } from '../refusal.ts'

export type Member = Awaited<ReturnType<typeof listMembers>>[number]

export interface Membership {
  position?: string | null
  /** The main one of the locations where this person works. */
  is_primary?: boolean
}

/**
 * Makes somebody a member of a location, or changes that: secretaries and receptionists act for it, providers are met
 * there. Who had left can come back.
 */
export async function setMember(
  db: Database | Transaction,
  actor: Actor,
  { location_id, person_id }: { location_id: string; person_id: string },
  { position, is_primary }: Membership,
  now: Temporal.Instant,
): Promise<Member> {
  const { organization_id } = actor
  return inTransaction(db, async (trx) => {
    await findLocation(trx, organization_id, location_id)
    await requirePerson(trx, organization_id, person_id)
    if (is_primary) {
      await trx
        .updateTable('memberships')
        .set({ is_primary: false })
        .where('organization_id', '=', organization_id)
        .where('person_id', '=', person_id)
        .execute()
    }
    const assigned_by = actor.person_id
    await trx
      .insertInto('memberships')
      .values({
        organization_id,
        location_id,
        person_id,
        position,
        is_primary,
        assigned_at: now,
        assigned_by,
      })
      .onConflict((conflict) =>
        conflict.columns(['organization_id', 'location_id', 'person_id']).doUpdateSet((set) => ({
          position,
          is_primary,
          ended_at: null,
          // Who comes back is assigned anew.
          assigned_at: sql`case when memberships.ended_at is null then memberships.assigned_at else ${set.ref('excluded.assigned_at')} end`,
          assigned_by: sql`case when memberships.ended_at is null then memberships.assigned_by else ${set.ref('excluded.assigned_by')} end`,
        })),
      )
      .execute()
    const members = await listMembers(trx, actor, location_id)
    const member = members.find((one) => one.person_id === person_id)!
    await audit(
      trx,
      actor,
      { action: 'member.set', subject_id: person_id, after: { location_id, ...member } },
      now,
    )
    return member
  })
}

/** Ends a membership softly: that it was there stays known. */
export async function endMember(
  db: Database | Transaction,
  actor: Actor,
  { location_id, person_id }: { location_id: string; person_id: string },
  now: Temporal.Instant,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('memberships')
      .set({ ended_at: now, is_primary: false })
      .where('organization_id', '=', actor.organization_id)
      .where('location_id', '=', location_id)
      .where('person_id', '=', person_id)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw new NotFound('member')
    await audit(trx, actor, { action: 'member.ended', subject_id: person_id, before: { location_id } }, now)
  })
}

/** Who belongs to a location, by name. */
export async function listMembers(db: Database | Transaction, actor: Actor, location_id: string) {
  await findLocation(db, actor.organization_id, location_id)
  if (!may(actor, 'members:read', { location_id })) throw new NotAllowed()
  return db
    .selectFrom('memberships as member')
    .innerJoin('people as person', (join) =>
      join
        .onRef('person.organization_id', '=', 'member.organization_id')
        .onRef('person.id', '=', 'member.person_id'),
    )
    .select(['member.person_id', 'person.name', 'member.position', 'member.is_primary', 'member.assigned_at'])
    .where('member.organization_id', '=', actor.organization_id)
    .where('member.location_id', '=', location_id)
    .where('member.ended_at', 'is', null)
    .orderBy('person.name')
    .orderBy('person.id')
    .limit(1000)
    .execute()
}

export interface MembershipsWanted {
  location_id?: string
  person_id?: string
  /** Also those that have ended. */
  include_ended?: boolean
  /** Only of those who can be booked. */
  of_providers?: boolean
}

/** Who belongs, or belonged, to which location, by name. Whether it may be shown is decided by whoever asks. */
export async function listMemberships(
  db: Database | Transaction,
  organization_id: string,
  { location_id, person_id, include_ended, of_providers }: MembershipsWanted,
) {
  return db
    .selectFrom('memberships as member')
    .innerJoin('people as person', (join) =>
      join
        .onRef('person.organization_id', '=', 'member.organization_id')
        .onRef('person.id', '=', 'member.person_id'),
    )
    .innerJoin('locations as location', (join) =>
      join
        .onRef('location.organization_id', '=', 'member.organization_id')
        .onRef('location.id', '=', 'member.location_id'),
    )
    .leftJoin('accounts as account', (join) =>
      join
        .onRef('account.organization_id', '=', 'member.organization_id')
        .onRef('account.person_id', '=', 'member.person_id'),
    )
    .selectAll('member')
    .select(['person.name', 'person.family_name', 'person.email', 'location.name as location_name'])
    .select(sql<boolean>`coalesce(account.is_active, false)`.as('user_active'))
    .where('member.organization_id', '=', organization_id)
    .$if(location_id !== undefined, (query) => query.where('member.location_id', '=', location_id!))
    .$if(person_id !== undefined, (query) => query.where('member.person_id', '=', person_id!))
    .$if(!include_ended, (query) => query.where('member.ended_at', 'is', null))
    .$if(of_providers === true, (query) =>
      query.where(sql<boolean>`exists (select from roles r where r.organization_id = member.organization_id
        and r.person_id = member.person_id and r.role = 'provider')`),
    )
    .orderBy('person.name')
    .orderBy('person.id')
    .limit(5000)
    .execute()
}

export type MembershipRow = Awaited<ReturnType<typeof listMemberships>>[number]

async function requirePerson(trx: Transaction, organization_id: string, id: string): Promise<void> {
  const person = await trx
    .selectFrom('people')
    .select('id')
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    // Two that make a location somebody's main one would leave two main ones.
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!person) throw new NotFound('person')
}
