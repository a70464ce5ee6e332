import { Type } from 'typebox'
import type { App } from '../../server/http/routes.ts'
import { listFamilies } from '../../server/people/families.ts'
import { retireGuardian } from '../../server/people/retiring.ts'
import { isStaff } from '../../server/permissions.ts'
import { NotAllowed } from '../../server/refusal.ts'
import { FreeText, ref } from '../../server/shapes.ts'
import { countedPage, pageQuery } from '../pages.ts'
import { addParent, changeParent, findOwn, findParent, viewFamily } from './parents.ts'
import { readEverybody, viewParent } from './people.ts'
import { byId, Message, ParentBody, ParentChangeBody, SchoolParent, SchoolParents } from './shapes.ts'

const ParentsQuery = Type.Object({
  ...pageQuery(1000, 100),
  student_name: Type.Optional(FreeText(100)),
  student_class: Type.Optional(FreeText(50)),
})

/** /parents */
export function parentRoutes(app: App): void {
  const read = { config: { may: 'clients:read' } } as const
  const answer = { 200: ref(SchoolParent) }

  app.get(
    '/parents',
    {
      ...read,
      schema: { summary: 'The parents', querystring: ParentsQuery, response: { 200: ref(SchoolParents) } },
    },
    async ({ db, actor, organization, query }) => {
      if (!isStaff(actor)) throw new NotAllowed()
      const { student_name, student_class, skip, limit } = query
      const wanted = { dependent_name: student_name, dependent_details: { class: student_class } }
      const { items, total } = await countedPage(
        (page) => listFamilies(db, actor, { ...wanted, ...page }),
        query,
      )
      const people = await readEverybody(
        db,
        organization,
        items.map(({ id }) => id),
      )
      return { parents: items.map((one) => viewParent(one, people)), total, skip, limit }
    },
  )

  app.post(
    '/parents',
    {
      config: { may: 'guardians:change', creates: true },
      schema: {
        summary: 'Give a user a profile',
        body: ref(ParentBody),
        response: { 201: ref(SchoolParent) },
      },
    },
    async (request) => {
      const { db, organization, body } = request
      await addParent(request, body)
      return viewFamily(db, organization, await findOwn(db, organization.id, body.user_id))
    },
  )

  app.get(
    '/parents/me',
    { ...read, schema: { summary: 'One’s own profile', response: answer } },
    async ({ db, actor, organization }) => {
      if (!actor.roles.includes('client')) throw new NotAllowed()
      return viewFamily(db, organization, await findOwn(db, organization.id, actor.person_id))
    },
  )

  for (const path of ['/parents/:id', '/parents/user/:id']) {
    app.get(
      path,
      { ...read, schema: { summary: 'One parent', params: byId, response: answer } },
      async ({ db, actor, organization, params }) =>
        viewFamily(db, organization, await findParent(db, actor, params.id)),
    )
  }

  app.put(
    '/parents/:id',
    {
      config: { may: 'clients:change' },
      schema: { summary: 'Change a profile', params: byId, body: ref(ParentChangeBody), response: answer },
    },
    async (request) => {
      const { db, actor, organization, params, body } = request
      await changeParent(request, await findParent(db, actor, params.id), body)
      return viewFamily(db, organization, await findOwn(db, organization.id, params.id))
    },
  )

  app.delete(
    '/parents/:id',
    {
      config: { may: 'guardians:change' },
      schema: { summary: 'Take a profile away', params: byId, response: { 200: ref(Message) } },
    },
    async ({ db, actor, organization, params, now }) => {
      await findOwn(db, organization.id, params.id)
      await retireGuardian(db, actor, params.id, now)
      return { message: 'The parent is removed. Meetings that have been are kept.' }
    },
  )
}
