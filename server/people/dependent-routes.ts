import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { Id, ref, strict } from '../shapes.ts'
import { addDependent, addGuardian, changeDependent, findDependent, listDependents } from './dependents.ts'
import { removeGuardian } from './guardians.ts'
import {
  DependentChangeBody,
  DependentPage,
  DependentShape,
  DependentsQuery,
  NewDependentBody,
  viewDependent,
} from './dependent-shapes.ts'

const byId = strict({ id: Id })
const guardian = strict({ id: Id, client_id: Id })
const answer = { 200: ref(DependentShape) }

/** /dependents: on whose behalf clients come, and who their guardians are. */
export function dependentRoutes(app: App): void {
  app.get(
    '/dependents',
    {
      config: { may: 'dependents:read' },
      schema: { querystring: DependentsQuery, response: { 200: ref(DependentPage) } },
    },
    async (request) => {
      const { items, next_cursor } = await listDependents(request.db, request.actor, request.query)
      return { items: items.map((one) => viewDependent(one, request)), next_cursor }
    },
  )

  app.get(
    '/dependents/:id',
    { config: { may: 'dependents:read' }, schema: { params: byId, response: answer } },
    async (request) => {
      const { db, actor, params } = request
      return viewDependent(await findDependent(db, actor, params.id), request)
    },
  )

  app.post(
    '/dependents',
    {
      config: { may: 'dependents:create', creates: true },
      schema: { body: ref(NewDependentBody), response: { 201: ref(DependentShape) } },
    },
    async (request) => {
      const { db, actor, body, now } = request
      return viewDependent(await addDependent(db, actor, body, now), request)
    },
  )

  app.patch(
    '/dependents/:id',
    {
      config: { may: 'dependents:change' },
      schema: { params: byId, body: ref(DependentChangeBody), response: answer },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      return viewDependent(await changeDependent(db, actor, params.id, body, now), request)
    },
  )

  app.put(
    '/dependents/:id/guardians/:client_id',
    { config: { may: 'guardians:change' }, schema: { params: guardian, response: answer } },
    async (request) => {
      const { db, actor, params, now } = request
      const { id: dependent_id, client_id } = params
      return viewDependent(await addGuardian(db, actor, { dependent_id, client_id }, now), request)
    },
  )

  app.delete(
    '/dependents/:id/guardians/:client_id',
    { config: { may: 'guardians:change' }, schema: { params: guardian, response: { 204: Type.Null() } } },
    async ({ db, actor, params }, reply) => {
      await removeGuardian(db, actor, { dependent_id: params.id, client_id: params.client_id })
      reply.status(204)
    },
  )
}
