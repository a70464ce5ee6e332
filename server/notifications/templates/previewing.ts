import type { Row } from '../../database/tables.ts'
import type { Database, Transaction } from '../../database/transactions.ts'
import type { Language } from '../kinds.ts'
import { exampleFacts, sparseFacts } from './examples.ts'
import { readText } from './own-texts.ts'
import { type Rendered, renderText } from './rendering.ts'
import type { TemplateName, Text } from './text.ts'

type Organization = Row<'organizations'>

/** How a text would look, with what of it is not saved yet. Throws TemplateFails where it could not be said. */
export async function preview(
  db: Database | Transaction,
  organization: Organization,
  name: TemplateName,
  language: Language,
  unsaved: Partial<Text>,
  now: Temporal.Instant,
): Promise<Rendered> {
  const text = { ...(await readText(db, organization.id, name, language)), ...unsaved }
  return renderText(text, exampleFacts(organization, name, language, now), language)
}

/** Throws TemplateFails for a text that cannot be said of what is usually known, or of the least. */
export function requireSayable(
  organization: Organization,
  name: TemplateName,
  language: Language,
  text: Text,
  now: Temporal.Instant,
): void {
  const facts = exampleFacts(organization, name, language, now)
  renderText(text, facts, language)
  renderText(text, sparseFacts(facts), language)
}
