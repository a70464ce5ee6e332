import { type Static, Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { Id, Instant, nullable, ref, shape, strict, TimeOfDay } from '../shapes.ts'
import { forgetTemplate, keepTemplate, readTemplate, type StoredTemplate } from './templates.ts'

const SlotsOfDay = Type.Array(strict({ start: TimeOfDay, end: TimeOfDay }), { maxItems: 288 })
export const WeekShape = strict(
  Object.fromEntries(
    ['1', '2', '3', '4', '5', '6', '7'].map((weekday) => [weekday, Type.Optional(SlotsOfDay)]),
  ),
  'The slots of each weekday (Monday = 1), on the wall clock of the location',
)

const TemplateBody = shape(
  'SlotTemplateBody',
  strict({
    service_id: Type.Optional(nullable(Id)),
    location_id: Type.Optional(nullable(Id)),
    week: WeekShape,
  }),
)
const TemplateShape = shape(
  'SlotTemplate',
  strict({
    provider_id: Id,
    service_id: nullable(Id),
    location_id: nullable(Id),
    week: WeekShape,
    created_at: Instant,
    updated_at: Instant,
  }),
)
const byId = strict({ id: Id })

/** /providers/{id}/slot-template: the slots that a provider offers week by week; the clockwork publishes them ahead. */
export function slotTemplateRoutes(app: App): void {
  const config = { may: 'slots:publish' } as const
  const path = '/providers/:id/slot-template'

  app.get(
    path,
    { config, schema: { params: byId, response: { 200: ref(TemplateShape) } } },
    async ({ db, actor, params }) => view(await readTemplate(db, actor, params.id)),
  )
  app.put(
    path,
    { config, schema: { params: byId, body: ref(TemplateBody), response: { 200: ref(TemplateShape) } } },
    async ({ db, actor, params, body, now }) => {
      const template = { ...body, week: body.week as StoredTemplate['week'], provider_id: params.id }
      return view(await keepTemplate(db, actor, template, now))
    },
  )
  app.delete(
    path,
    { config, schema: { params: byId, response: { 204: Type.Null() } } },
    async ({ db, actor, params }, reply) => {
      await forgetTemplate(db, actor, params.id)
      reply.status(204)
      return null
    },
  )
}

function view({ organization_id, created_at, updated_at, week, ...template }: StoredTemplate) {
  const times = { created_at: `${created_at}`, updated_at: `${updated_at}` }
  return { ...template, week: week as Static<typeof WeekShape>, ...times }
}
