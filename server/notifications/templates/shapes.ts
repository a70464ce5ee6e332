import { Type } from 'typebox'
import { FreeText, Instant, nullable, oneOf, ref, shape, strict } from '../../shapes.ts'
import { audiencesOf, kinds, languages } from '../kinds.ts'
import type { Template } from './own-texts.ts'

const audiences = [...new Set(Object.values(audiencesOf).flat())]
const which = { kind: oneOf(kinds), audience: oneOf(audiences), locale: oneOf(languages) }

/** Which of them, in its address. */
export const byName = strict(which)

const Subject = FreeText(500, 'Liquid; one line')
const Content = FreeText(15_000, 'Liquid; paragraphs of plain words, with an empty line between them')
const Short = FreeText(2000, 'Liquid; what an SMS or a push says')

export const TemplateShape = shape(
  'Template',
  strict({
    ...which,
    subject: Type.String(),
    content: Type.String(),
    short: Type.String(),
    is_own: Type.Boolean({ description: "In the organization's own words" }),
    updated_at: nullable(Instant),
  }),
)
export const TemplateList = shape(
  'TemplateList',
  strict({ items: Type.Array(ref(TemplateShape)), next_cursor: Type.Null() }),
)

export const TemplateBody = shape(
  'TemplateText',
  strict({ subject: Subject, content: Content, short: Short }),
)
export const PreviewBody = shape(
  'TemplatePreviewOf',
  strict(
    { subject: Type.Optional(Subject), content: Type.Optional(Content), short: Type.Optional(Short) },
    'Parts that are not saved yet; the others are those in force.',
  ),
)
export const PreviewShape = shape(
  'TemplatePreview',
  strict({ subject: Type.String(), text: Type.String(), html: Type.String(), short: Type.String() }),
)

export function viewTemplate({ name, language, updated_at, ...shown }: Template) {
  const [kind, audience] = name.split('.') as [(typeof kinds)[number], (typeof audiences)[number]]
  return { kind, audience, locale: language, ...shown, updated_at: updated_at?.toString() ?? null }
}
