import { Type } from 'typebox'
import type { FastifyRequest } from 'fastify'
import type { App } from '../../server/http/routes.ts'
import { listProviders } from '../../server/people/providers.ts'
import { retireProvider } from '../../server/people/retiring.ts'
import { FreeText, ref } from '../../server/shapes.ts'
import { countedPage, pageQuery } from '../pages.ts'
import { readEverybody, readTeachers, viewTeacher } from './people.ts'
import { byId, Message, SchoolTeacher, SchoolTeachers, TeacherBody, TeacherChangeBody } from './shapes.ts'
import { addTeacher, changeTeacher, findTeacher } from './teachers.ts'

const TeachersQuery = Type.Object({
  ...pageQuery(1000, 100),
  subject: Type.Optional(FreeText(100)),
  branch: Type.Optional(FreeText(100)),
})

/** /teachers */
export function teacherRoutes(app: App): void {
  const read = { config: { may: 'providers:read', needs_log_in: true } } as const
  const answer = { 200: ref(SchoolTeacher) }

  app.get(
    '/teachers',
    {
      ...read,
      schema: { summary: 'The teachers', querystring: TeachersQuery, response: { 200: ref(SchoolTeachers) } },
    },
    async ({ db, organization, query }) => {
      const { subject, branch, skip, limit } = query
      const details = { subject, branch }
      const { items, total } = await countedPage(
        (page) => listProviders(db, organization.id, { details, ...page }),
        query,
      )
      const people = await readEverybody(
        db,
        organization,
        items.map(({ id }) => id),
      )
      return { teachers: items.map((one) => viewTeacher(one, people)), total, skip, limit }
    },
  )

  app.post(
    '/teachers',
    {
      config: { may: 'providers:create', creates: true },
      schema: {
        summary: 'Give a user a profile',
        body: ref(TeacherBody),
        response: { 201: ref(SchoolTeacher) },
      },
    },
    async (request) => {
      await addTeacher(request, request.body)
      return shown(request, request.body.user_id)
    },
  )

  for (const path of ['/teachers/:id', '/teachers/user/:id']) {
    app.get(
      path,
      { ...read, schema: { summary: 'One teacher', params: byId, response: answer } },
      async (request) => {
        await findTeacher(request.db, request.organization.id, request.params.id)
        return shown(request, request.params.id)
      },
    )
  }

  app.put(
    '/teachers/:id',
    {
      config: { may: 'providers:change' },
      schema: { summary: 'Change a profile', params: byId, body: ref(TeacherChangeBody), response: answer },
    },
    async (request) => {
      const { db, organization, params, body } = request
      await findTeacher(db, organization.id, params.id)
      await changeTeacher(request, params.id, body)
      return shown(request, params.id)
    },
  )

  app.delete(
    '/teachers/:id',
    {
      config: { may: 'providers:create' },
      schema: { summary: 'Take a profile away', params: byId, response: { 200: ref(Message) } },
    },
    async ({ db, actor, organization, params, now }) => {
      await findTeacher(db, organization.id, params.id)
      await retireProvider(db, actor, params.id, now)
      return { message: 'The teacher is removed. Meetings that have been are kept.' }
    },
  )
}

async function shown({ db, organization }: FastifyRequest, id: string) {
  return (await readTeachers(db, organization, [id])).get(id)!
}
