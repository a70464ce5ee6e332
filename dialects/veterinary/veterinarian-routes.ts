import type { FastifyRequest } from 'fastify'
import type { App } from '../../server/http/routes.ts'
import { listProviders, readProvider } from '../../server/people/providers.ts'
import { retireProvider } from '../../server/people/retiring.ts'
import { ref } from '../../server/shapes.ts'
import { countedPage } from '../pages.ts'
import { enveloped, type Say } from './envelope.ts'
import { byId, countedFrom, pageNumbers, pageOf, Removed } from './shapes.ts'
import {
  Veterinarian,
  VeterinarianBody,
  VeterinarianChangeBody,
  VeterinariansQuery,
} from './veterinarian-shapes.ts'
import { addVeterinarian, changeVeterinarian, findVeterinarian, viewVeterinarians } from './veterinarians.ts'

/** /veterinarians: anybody who has logged in sees them, administrators make them, and each changes their own page. */
export function veterinarianRoutes(app: App, say: Say): void {
  const read = { config: { may: 'providers:read', needs_log_in: true } } as const
  const answer = enveloped(ref(Veterinarian))

  app.get(
    '/veterinarians',
    {
      ...read,
      schema: {
        summary: 'The veterinarians, by name',
        querystring: VeterinariansQuery,
        response: { 200: enveloped(pageOf('veterinarians', ref(Veterinarian))) },
      },
    },
    async ({ db, organization, query }) => {
      const { clinic_id: location_id, specialty } = query
      const wanted = { location_id, details: { specialties: specialty } }
      const { items, total } = await countedPage(
        (page) => listProviders(db, organization.id, { ...wanted, ...page }),
        countedFrom(query),
      )
      const veterinarians = await viewVeterinarians(db, organization.id, items)
      return say({ veterinarians, ...pageNumbers(total, query) })
    },
  )

  app.post(
    '/veterinarians',
    {
      config: { may: 'providers:create', creates: true },
      schema: {
        summary: 'Make a veterinarian of a user',
        body: ref(VeterinarianBody),
        response: { 201: answer },
      },
    },
    async (request) => {
      await addVeterinarian(request, request.body)
      return say(await shown(request, request.body.user_id), 'The veterinarian can be booked.')
    },
  )

  app.get(
    '/veterinarians/:id',
    { ...read, schema: { summary: 'One veterinarian', params: byId, response: { 200: answer } } },
    async (request) => {
      await findVeterinarian(request.db, request.organization.id, request.params.id)
      return say(await shown(request, request.params.id))
    },
  )

  app.put(
    '/veterinarians/:id',
    {
      config: { may: 'providers:change' },
      schema: {
        summary: 'Change what is said of a veterinarian, and their week',
        params: byId,
        body: ref(VeterinarianChangeBody),
        response: { 200: answer },
      },
    },
    async (request) => {
      const { id } = request.params
      await findVeterinarian(request.db, request.organization.id, id)
      await changeVeterinarian(request, id, request.body)
      return say(await shown(request, id))
    },
  )

  app.delete(
    '/veterinarians/:id',
    {
      config: { may: 'providers:create' },
      schema: {
        summary: 'A veterinarian leaves',
        params: byId,
        response: { 200: enveloped(ref(Removed)) },
      },
    },
    async ({ db, actor, organization, params: { id }, now }) => {
      await findVeterinarian(db, organization.id, id)
      await retireProvider(db, actor, id, now)
      return say({ id, message: 'The veterinarian has left. What has been is kept.' })
    },
  )
}

async function shown({ db, organization }: FastifyRequest, id: string) {
  const vet = await readProvider(db, organization.id, id)
  return (await viewVeterinarians(db, organization.id, [vet]))[0]!
}
