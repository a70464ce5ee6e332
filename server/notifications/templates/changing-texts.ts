import { type Database, inTransaction, type Transaction } from '../../database/transactions.ts'
import { audit, type By } from '../../organizations/audit.ts'
import { readOrganization } from '../../organizations/organizations.ts'
import type { Language } from '../kinds.ts'
import { inForce, keyOf, readText, type Template } from './own-texts.ts'
import { requireSayable } from './previewing.ts'
import type { TemplateName, Text } from './text.ts'
import { ourText } from './texts.ts'

/**
 * Puts an organization's own text in the place of ours, or of the one it had. Throws TemplateFails for one that could not
 * be said.
 */
export async function setText(
  db: Database | Transaction,
  by: By,
  name: TemplateName,
  language: Language,
  text: Text,
  now: Temporal.Instant,
): Promise<Template> {
  const { organization_id, person_id } = by
  const content = { subject: text.subject, content: text.content, short: text.short }
  return inTransaction(db, async (trx) => {
    requireSayable(await readOrganization(trx, organization_id), name, language, content, now)
    const before = await readText(trx, organization_id, name, language)
    const row = await trx
      .insertInto('templates')
      .values({
        ...keyOf(organization_id, name, language),
        ...content,
        updated_at: now,
        updated_by: person_id,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['organization_id', 'kind', 'audience', 'locale'])
          .doUpdateSet({ ...content, updated_at: now, updated_by: person_id }),
      )
      .returningAll()
      .executeTakeFirstOrThrow()
    await record(trx, by, 'template.changed', before, content, now)
    return inForce(name, language, row)
  })
}

/** Goes back to our text. Where there was none of the organization's own, all is as it should be. */
export async function resetText(
  db: Database | Transaction,
  by: By,
  name: TemplateName,
  language: Language,
  now: Temporal.Instant,
): Promise<void> {
  const key = keyOf(by.organization_id, name, language)
  await inTransaction(db, async (trx) => {
    const removed = await trx
      .deleteFrom('templates')
      .where('organization_id', '=', key.organization_id)
      .where('kind', '=', key.kind)
      .where('audience', '=', key.audience)
      .where('locale', '=', key.locale)
      .returningAll()
      .executeTakeFirst()
    if (!removed) return
    await record(trx, by, 'template.reset', inForce(name, language, removed), ourText(name, language), now)
  })
}

/** Templates have no ids: they are the organization's, and the entry names them. */
function record(
  trx: Transaction,
  by: By,
  action: string,
  before: Template,
  after: Text,
  now: Temporal.Instant,
): Promise<void> {
  const name = `${before.name}.${before.language}`
  const named = ({ subject, content, short }: Text) => ({ [name]: { subject, content, short } })
  const change = { before: named(before), after: named(after) }
  return audit(trx, by, { action, subject_id: by.organization_id, ...change }, now)
}
