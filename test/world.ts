import assert from 'node:assert/strict'
import type { TestApp } from './app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
  type Stage,
  worksAt,
} from './cast.ts'

/** The id of one thing of each kind that an organization can have. */
export type Ids = Record<
  'location' | 'user' | 'provider' | 'client' | 'service' | 'window' | 'hold' | 'appointment',
  string
>

export interface World extends Stage {
  ids: Ids
  provider: Person
  client: Person
}

/** A new organization in which there is one of everything. */
export async function newWorld(app: TestApp): Promise<World> {
  const stage = await newOrganization(app)
  const location = await newLocation(app, stage)
  const user = await newPerson(app, stage.organization, ['client'])
  const client = await newClient(app, stage)
  const service = await newService(app, stage)
  const provider = await newProvider(app, stage, { weekdays: [1, 2, 3] })
  await worksAt(app, stage, provider, location)
  const offer = { provider_id: provider.id, service_id: service.id, location_id: location.id }
  const { token } = stage.admin

  const hours = await app.get(`/hours?provider_id=${provider.id}`, { token })
  const held = await app.post('/holds', { token, body: { ...offer, starts_at: '2027-03-02T09:00:00Z' } })
  const booked = await book(app, client, { ...offer, starts_at: '2027-03-02T10:00:00Z' })
  assert.deepEqual([hours.status, held.status, booked.status], [200, 201, 201])
  return {
    ...stage,
    provider,
    client,
    ids: {
      location: location.id,
      user: user.id,
      provider: provider.id,
      client: client.id,
      service: service.id,
      window: hours.body.items[0].id,
      hold: held.body.id,
      appointment: booked.body.id,
    },
  }
}
