import { Type } from 'typebox'
import type { App } from '../../http/routes.ts'
import { NotFound } from '../../refusal.ts'
import { nullable, ref } from '../../shapes.ts'
import type { Audience, Kind } from '../kinds.ts'
import { resetText, setText } from './changing-texts.ts'
import { listTexts, readText } from './own-texts.ts'
import { preview } from './previewing.ts'
import {
  byName,
  PreviewBody,
  PreviewShape,
  TemplateBody,
  TemplateList,
  TemplateShape,
  viewTemplate,
} from './shapes.ts'
import type { TemplateName } from './text.ts'
import { templateName } from './texts.ts'

const address = '/templates/:kind/:audience/:locale'

/** /templates: what messages say, and in whose words. */
export function templateRoutes(app: App): void {
  const read = { config: { may: 'templates:read' as const } }
  const change = { config: { may: 'templates:change' as const } }
  const answer = { 200: ref(TemplateShape) }

  app.get(
    '/templates',
    { ...read, schema: { response: { 200: ref(TemplateList) } } },
    async ({ db, organization }) => ({
      items: (await listTexts(db, organization.id)).map(viewTemplate),
      next_cursor: null,
    }),
  )

  app.get(
    address,
    { ...read, schema: { params: byName, response: answer } },
    async ({ db, organization, params }) =>
      viewTemplate(await readText(db, organization.id, nameIn(params), params.locale)),
  )

  app.put(
    address,
    { ...change, schema: { params: byName, body: ref(TemplateBody), response: answer } },
    async ({ db, actor, params, body, now }) =>
      viewTemplate(await setText(db, actor, nameIn(params), params.locale, body, now)),
  )

  app.delete(
    address,
    { ...change, schema: { params: byName, response: { 204: Type.Null() } } },
    async ({ db, actor, params, now }, reply) => {
      await resetText(db, actor, nameIn(params), params.locale, now)
      reply.status(204)
    },
  )

  app.post(
    `${address}/preview`,
    {
      ...read,
      schema: { params: byName, body: nullable(ref(PreviewBody)), response: { 200: ref(PreviewShape) } },
    },
    async ({ db, organization, params, body, now }) =>
      preview(db, organization, nameIn(params), params.locale, body ?? {}, now),
  )
}

/** Throws NotFound where nothing of this kind is ever said to them. */
function nameIn({ kind, audience }: { kind: Kind; audience: Audience }): TemplateName {
  const name = templateName(kind, audience)
  if (!name) throw new NotFound('template')
  return name
}
