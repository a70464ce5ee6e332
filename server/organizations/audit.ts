import { isDeepStrictEqual } from 'node:util'
import type { Row } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { type PageQuery, positionOf, rowsToRead, toPage } from '../http/paging.ts'
import { newId } from '../ids.ts'

/** In whose name something is done: a person of the organization, or nobody (the program itself). */
export interface By {
  organization_id: string
  person_id: string | null
}

export interface AuditEntry {
  /** What was done, such as `service.changed`. */
  action: string
  subject_id: string
  before?: object
  after?: object
}

/** Of what changes with every change, or is nobody's to read. */
const LEFT_OUT = new Set(['organization_id', 'created_at', 'updated_at', 'password_hash', 'key_hash'])

/**
 * Writes down what an administrator changed, in the transaction in which it changes: what was and what is, as far as the
 * two differ. A change that changed nothing leaves no entry.
 */
export async function audit(
  trx: Database | Transaction,
  by: By,
  { action, subject_id, before, after }: AuditEntry,
  now: Temporal.Instant,
): Promise<void> {
  const changed = differences(before, after)
  if (before && after && Object.keys(changed.after).length === 0) return
  await trx
    .insertInto('audit_log')
    .values({
      organization_id: by.organization_id,
      id: newId(),
      actor_id: by.person_id,
      action,
      subject_kind: action.split('.')[0]!,
      subject_id,
      before: before ? JSON.stringify(changed.before) : null,
      after: after ? JSON.stringify(changed.after) : null,
      happened_at: now,
    })
    .execute()
}

export interface AuditWanted extends PageQuery {
  actor_id?: string
  subject_id?: string
  subject_kind?: string
  from?: Temporal.Instant
  to?: Temporal.Instant
}

/** The log, newest first. */
export async function readAuditLog(db: Database | Transaction, organization_id: string, wanted: AuditWanted) {
  const after = positionOf(wanted, ['uuid'])
  const { actor_id, subject_id, subject_kind, from, to } = wanted
  const rows = await db
    .selectFrom('audit_log as entry')
    .leftJoin('people as actor', (join) =>
      join
        .onRef('actor.organization_id', '=', 'entry.organization_id')
        .onRef('actor.id', '=', 'entry.actor_id'),
    )
    .selectAll('entry')
    .select('actor.name as actor_name')
    .where('entry.organization_id', '=', organization_id)
    .$if(actor_id !== undefined, (query) => query.where('entry.actor_id', '=', actor_id!))
    .$if(subject_id !== undefined, (query) => query.where('entry.subject_id', '=', subject_id!))
    .$if(subject_kind !== undefined, (query) => query.where('entry.subject_kind', '=', subject_kind!))
    .$if(from !== undefined, (query) => query.where('entry.happened_at', '>=', from!))
    .$if(to !== undefined, (query) => query.where('entry.happened_at', '<', to!))
    .$if(after !== undefined, (query) => query.where('entry.id', '<', after![0]!))
    .orderBy('entry.id', 'desc')
    .limit(rowsToRead(wanted))
    .execute()
  return toPage(
    rows,
    wanted,
    (row): Row<'audit_log'> & { actor_name: string | null } => row,
    (row) => [row.id],
  )
}

function differences(before: object = {}, after: object = {}) {
  const [was, is] = [plain(before), plain(after)]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  const changed = names.filter((name) => !LEFT_OUT.has(name) && !isDeepStrictEqual(was[name], is[name]))
  const pick = (from: Record<string, unknown>) =>
    Object.fromEntries(changed.filter((name) => name in from).map((name) => [name, from[name]]))
  return { before: pick(was), after: pick(is) }
}

/** As it will be kept: moments are text. */
function plain(thing: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(thing))
}
