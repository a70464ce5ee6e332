import type { Row } from '../server/database/tables.ts'
import { newId } from '../server/ids.ts'
import { insertInto } from '../server/importing/writing.ts'
import type { Stranger } from './people.ts'
import type { Somebody, Stage } from './stage.ts'

/** Writes down many clients without a log-in, in a few statements. */
export async function writeDownMany(
  stage: Stage,
  count: number,
  detailsOf: (stranger: Stranger) => Record<string, unknown>,
): Promise<Somebody[]> {
  const { trx, organization, admin, founded, nextStranger } = stage
  const strangers = Array.from({ length: count }, () => ({ id: newId(), ...nextStranger() }))
  const organization_id = organization.id
  const [created_at, updated_at, granted_at] = [founded, founded, founded]
  const parties = strangers.map(({ id }) => ({ organization_id, id, kind: 'person' as const }))
  const people = strangers.map(({ id, name, email, phone }) => {
    return { organization_id, id, name, email, phone, created_at, updated_at }
  })
  const roles = strangers.map(({ id: person_id }): Row<'roles'> => {
    return { organization_id, person_id, role: 'client', granted_at, granted_by: admin.person_id }
  })
  const clients = strangers.map((stranger) => {
    return { organization_id, id: stranger.id, details: detailsOf(stranger), no_show_count: 0, created_at }
  })
  await insertInto('parties', parties).execute(trx)
  await insertInto('people', people).execute(trx)
  await insertInto('roles', roles).execute(trx)
  await insertInto('clients', clients).execute(trx)
  return strangers.map(({ id, name }) => ({ id, name, actor: admin }))
}
