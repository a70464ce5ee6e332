import type { Language } from '../kinds.ts'
import { clean } from './cleaning.ts'
import { detailsOf } from './details.ts'
import type { Facts } from './facts.ts'
import { labels } from './labels.ts'
import { fill, TemplateFails } from './liquid.ts'
import { asHtml } from './mail-html.ts'
import { asText, type Mail, type Part } from './mail.ts'
import { DETAILS, END, LINK, linkMarks } from './marks.ts'
import type { Text } from './text.ts'

export interface Rendered {
  subject: string
  /** The two forms of a mail. */
  text: string
  html: string
  /** For an SMS or a push. */
  short: string
}

const MOST_OF_SUBJECT = 200
/** What an SMS may cost: more than this is cut off. */
export const MOST_OF_SHORT = 320

/** Says a text with these facts. Throws TemplateFails where the text cannot be rendered, or says nothing. */
export function renderText(text: Text, facts: Facts, language: Language): Rendered {
  const known = clean(facts)
  const subject = oneLine('subject', text, known, MOST_OF_SUBJECT)
  const short = oneLine('short', text, known, MOST_OF_SHORT)
  const mail: Mail = {
    language,
    sender: known.organization.name,
    subject,
    short,
    parts: partsOf(text, known, language),
    footer: footerOf(known, language),
  }
  return { subject, text: asText(mail), html: asHtml(mail), short }
}

/** A line break in a subject would begin another header. */
function oneLine(field: 'subject' | 'short', text: Text, facts: Facts, most: number): string {
  const line = clean(fill(field, text[field], facts))
    .replaceAll(/\s+/g, ' ')
    .trim()
  if (!line) throw new TemplateFails(field, 'says nothing')
  const characters = [...line]
  return characters.length <= most
    ? line
    : `${characters
        .slice(0, most - 3)
        .join('')
        .trimEnd()}...`
}

/** The paragraphs, with the table and the button where the template has them, else at the end. */
function partsOf(text: Text, facts: Facts, language: Language): Part[] {
  const link = addressOf(facts.link)
  const marks = { link: link && LINK + END, details: DETAILS }
  const filled = fill('content', text.content, { ...facts, ...marks })
  const blocks = filled
    .replaceAll(DETAILS, '\n\n$&\n\n')
    .replaceAll(linkMarks, '\n\n$&\n\n')
    .split(/\n\s*\n/)
    .map((block) => block.trim())
  if (!blocks.some((block) => clean(block))) throw new TemplateFails('content', 'says nothing')

  const rows = detailsOf(facts, language)
  const button = (label: string): Part => ({ label: label || labels[language].open, link: link! })
  const table: Part[] = rows.length > 0 ? [{ rows, title: labels[language].details }] : []
  const parts = blocks.flatMap((block): Part[] => {
    if (block.startsWith(LINK)) return link ? [button(clean(block))] : []
    if (block === DETAILS) return table.splice(0)
    const paragraph = clean(block)
    return paragraph ? [{ paragraph }] : []
  })
  const isLinked = parts.some((part) => 'link' in part)
  return [...parts, ...table, ...(link && !isLinked ? [button('')] : [])]
}

/** A link that a browser opens as a page, and nothing that would run in one. */
function addressOf(link: string | undefined): string | undefined {
  if (!link || !URL.canParse(link)) return undefined
  const { protocol, href } = new URL(link)
  return protocol === 'https:' || protocol === 'http:' ? href : undefined
}

function footerOf({ organization, appointment, appointments }: Facts, language: Language): string {
  const { ofAppointment, ofAccount } = labels[language]
  return appointment || appointments ? ofAppointment(organization.name) : ofAccount(organization.name)
}
