import type { Log } from '../../database/connect.ts'
import type { Row } from '../../database/tables.ts'
import type { Database, Transaction } from '../../database/transactions.ts'
import { languages, type Language } from '../kinds.ts'
import type { Facts } from './facts.ts'
import { TemplateFails } from './liquid.ts'
import { type Rendered, renderText } from './rendering.ts'
import type { TemplateName, Text } from './text.ts'
import { ourText, templateNames } from './texts.ts'

/** A text as it is in force for an organization. */
export interface Template extends Text {
  name: TemplateName
  language: Language
  /** In the organization's own words, since when. */
  is_own: boolean
  updated_at: Temporal.Instant | null
}

/** What an organization says: in its own words where it has some, else in ours. */
export async function readText(
  db: Database | Transaction,
  organization_id: string,
  name: TemplateName,
  language: Language,
): Promise<Template> {
  return inForce(name, language, await ownRow(db, organization_id, name, language).executeTakeFirst())
}

/** All that there is, in every language. */
export async function listTexts(db: Database | Transaction, organization_id: string): Promise<Template[]> {
  const rows = await db
    .selectFrom('templates')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .execute()
  const own = new Map(rows.map((row) => [`${row.kind}.${row.audience}.${row.locale}`, row]))
  return templateNames.flatMap((name) =>
    languages.map((language) => inForce(name, language, own.get(`${name}.${language}`))),
  )
}

/**
 * Says something in the organization's words. A text of its own that cannot be said (it could when it was saved, but the
 * facts are others each time) must not keep anybody from being told: then it is said in ours, and the log has why.
 */
export async function renderMessage(
  { db, log }: { db: Database | Transaction; log: Log },
  organization_id: string,
  name: TemplateName,
  language: Language,
  facts: Facts,
): Promise<Rendered> {
  const text = await readText(db, organization_id, name, language)
  try {
    return renderText(text, facts, language)
  } catch (error) {
    if (!text.is_own || !(error instanceof TemplateFails)) throw error
    log.warn({ organization_id, template: `${name}.${language}`, reason: error.message }, 'a template fails')
    return renderText(ourText(name, language), facts, language)
  }
}

/** The text that counts, given what the organization has of its own. */
export function inForce(name: TemplateName, language: Language, own: Row<'templates'> | undefined): Template {
  const { subject, content, short } = own ?? ourText(name, language)
  return { name, language, subject, content, short, is_own: !!own, updated_at: own?.updated_at ?? null }
}

function ownRow(db: Database | Transaction, organization_id: string, name: TemplateName, language: Language) {
  const { kind, audience, locale } = keyOf(organization_id, name, language)
  return db
    .selectFrom('templates')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('kind', '=', kind)
    .where('audience', '=', audience)
    .where('locale', '=', locale)
}

export function keyOf(organization_id: string, name: TemplateName, locale: Language) {
  const [kind, audience] = name.split('.') as [string, string]
  return { organization_id, kind, audience, locale }
}
