import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { Id, nullable, ref, strict } from '../shapes.ts'
import { GenerateSlotsBody } from './generate-slots.ts'
import { seeJobs } from './overview.ts'
import { findRun, listRuns, runLater } from './runs.ts'
import { JobsShape, RunPage, RunShape, RunsQuery, viewJob, viewRun, viewWorker } from './shapes.ts'

/** /jobs: what runs by itself, what became of it, and running it by hand. */
export function jobRoutes(app: App): void {
  const read = { config: { may: 'jobs:read' } } as const
  const run = { config: { may: 'jobs:run' } } as const
  const accepted = { 202: ref(RunShape) }

  app.get(
    '/jobs',
    { ...read, schema: { summary: 'Jobs, queues and workers', response: { 200: ref(JobsShape) } } },
    async ({ db, organization, now }) => {
      const { jobs, queues, workers } = await seeJobs(db, organization, now)
      return { items: jobs.map(viewJob), queues, workers: workers.map(viewWorker) }
    },
  )

  app.get(
    '/jobs/runs',
    { ...read, schema: { querystring: RunsQuery, response: { 200: ref(RunPage) } } },
    async ({ db, organization, query }) => {
      const { items, next_cursor } = await listRuns(db, organization.id, query)
      return { items: items.map(viewRun), next_cursor }
    },
  )

  app.get(
    '/jobs/runs/:id',
    { ...read, schema: { params: strict({ id: Id }), response: { 200: ref(RunShape) } } },
    async ({ db, organization, params }) => viewRun(await findRun(db, organization.id, params.id)),
  )

  app.post(
    '/jobs/generate-slots/run',
    {
      ...run,
      schema: { summary: 'Publish slots', body: nullable(ref(GenerateSlotsBody)), response: accepted },
    },
    async ({ db, actor, body, now }, reply) => {
      reply.status(202)
      return viewRun(await runLater(db, actor, 'generate-slots', body, now))
    },
  )

  app.post(
    '/jobs/:name/run',
    {
      ...run,
      schema: {
        summary: 'Run a job now',
        params: strict({ name: Type.String({ maxLength: 100 }) }),
        body: nullable(strict({})),
        response: accepted,
      },
    },
    async ({ db, actor, params, now }, reply) => {
      reply.status(202)
      return viewRun(await runLater(db, actor, params.name, null, now))
    },
  )
}
