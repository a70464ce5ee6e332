import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { readUser } from '../../server/accounts/accounts.ts'
import { changeProfile } from '../../server/accounts/profile.ts'
import type { App } from '../../server/http/routes.ts'
import { changeClient } from '../../server/people/clients.ts'
import { NotAllowed } from '../../server/refusal.ts'
import { ref } from '../../server/shapes.ts'
import { phoneIn } from '../phones.ts'
import { MalformedQuery } from './failures.ts'
import { photoUrlOf, readDoctors, viewUser } from './people.ts'
import { ClinicDoctor, ClinicUser, ProfileChangeBody } from './shapes.ts'

/** /users: oneself, and the doctors who can be booked. */
export function userRoutes(app: App): void {
  const own = { config: { may: 'account:own' } } as const
  const answer = { 200: ref(ClinicUser) }

  app.get('/users/me', { ...own, schema: { summary: 'Oneself', response: answer } }, me)

  app.patch(
    '/users/me',
    { ...own, schema: { summary: 'Change one’s own data', body: ref(ProfileChangeBody), response: answer } },
    async (request) => {
      await changeMe(request, request.body)
      return me(request)
    },
  )

  app.get(
    '/users/doctors',
    {
      config: { may: 'providers:read' },
      schema: { summary: 'The doctors', response: { 200: Type.Array(ref(ClinicDoctor)) } },
    },
    async (request) => {
      const { db, organization, now } = request
      const doctors = await readDoctors(db, organization, {}, now)
      return doctors.map(({ doctor: { id, name, photo_url }, profile }) => ({
        _id: id,
        role: 'doctor' as const,
        name,
        photoUrl: photo_url && photoUrlOf(request, id),
        doctorProfile: profile,
      }))
    },
  )
}

async function me(request: FastifyRequest) {
  const { db, actor } = request
  return viewUser(request, await readUser(db, actor.organization_id, actor.person_id))
}

/** Patients change all that is said of them, everybody else their phone. What is null is taken away, if it can be. */
async function changeMe(
  { db, actor, now }: FastifyRequest,
  { name, phone, age, gender, notes }: Static<typeof ProfileChangeBody>,
): Promise<void> {
  const person = said({ name: name?.trim(), phone: phoneIn('phone', phone) ?? undefined })
  const details = said({ age, gender, notes })
  const fields = Object.keys({ ...person, ...details })
  if (fields.length === 0)
    throw new MalformedQuery('There is nothing to change: say what should be different.')
  if (actor.roles.includes('client')) {
    await changeClient(db, actor, actor.person_id, { ...person, details }, now)
    return
  }
  if (fields.some((field) => field !== 'phone')) {
    throw new NotAllowed('A doctor changes the phone and the photo alone.')
  }
  await changeProfile(db, actor, person, now)
}

function said<T extends object>(content: T): Partial<T> {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined)) as Partial<T>
}
