import type { Language } from '../kinds.ts'
import type { Row } from './details.ts'

/** A mail before it has a form. */
export interface Mail {
  language: Language
  sender: string
  subject: string
  short: string
  parts: Part[]
  footer: string
}
export type Part = { paragraph: string } | { label: string; link: string } | { title: string; rows: Row[] }

/** For whoever reads mail as text. */
export function asText({ parts, footer }: Mail): string {
  const blocks = parts.map((part) => {
    if ('paragraph' in part) return part.paragraph
    if ('link' in part) return `${part.label}:\n${part.link}`
    return textTable(part.rows)
  })
  return `${[...blocks, `-- \n${footer}`].join('\n\n')}\n`
}

function textTable(rows: Row[]): string {
  const width = Math.min(20, Math.max(...rows.map(({ label }) => label.length))) + 2
  const indented = (text: string) => text.replaceAll('\n', `\n${' '.repeat(width)}`)
  return rows
    .map(({ label, lines }) => `${`${label}:`.padEnd(width)}${indented(lines.join('\n'))}`)
    .join('\n')
}
