import { type Audience, audiencesOf, type Kind, kinds, type Language } from '../kinds.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import type { TemplateName, Text, Texts } from './text.ts'
import { tr } from './tr.ts'

/** What we say, where an organization says nothing of its own. */
const texts: Record<Language, Texts> = { en, de, tr }

export const templateNames = kinds.flatMap((kind) =>
  audiencesOf[kind].map((audience) => `${kind}.${audience}` as TemplateName),
)

/** Undefined where nothing of this kind is ever said to them. */
export function templateName(kind: Kind, audience: Audience): TemplateName | undefined {
  return templateNames.find((name) => name === `${kind}.${audience}`)
}

export function ourText(name: TemplateName, language: Language): Text {
  return texts[language][name]
}
