import assert from 'node:assert/strict'
import { createECDH, randomBytes } from 'node:crypto'
import { newId } from '../server/ids.ts'
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

/** The id of one thing of each kind that an organization can have; a feed has a secret for an id. */
export type Ids = Record<
  | 'location'
  | 'user'
  | 'provider'
  | 'client'
  | 'dependent'
  | 'service'
  | 'resource'
  | 'api_key'
  | 'window'
  | 'time_off'
  | 'slot'
  | 'hold'
  | 'series'
  | 'appointment'
  | 'feed'
  | 'notification'
  | 'subscription'
  | 'run',
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

  for (const { id } of [user, client, provider]) await givePhoto(app, stage, id)

  const made = await app.post('/api-keys', { token, body: { name: 'Till', scopes: ['appointments:read'] } })
  const hours = await app.get(`/hours?provider_id=${provider.id}`, { token })
  const held = await app.post('/holds', { token, body: { ...offer, starts_at: '2027-03-02T09:00:00Z' } })
  const booked = await book(app, client, { ...offer, starts_at: '2027-03-02T10:00:00Z' })
  const feed = await app.post('/calendar/feed', { token: client.token })
  const run = await app.post('/jobs/sweep/run', { token })
  const kept = await app.request('PUT', `/providers/${provider.id}/slot-template`, {
    token,
    body: { week: {} },
  })
  assert.deepEqual(
    [made.status, hours.status, held.status, booked.status, feed.status, run.status, kept.status],
    [201, 200, 201, 201, 201, 202, 200],
  )
  const make = async (path: string, body: object): Promise<string> => {
    const { status, body: answer } = await app.post(path, { token, body })
    assert.equal(status, 201, JSON.stringify(answer))
    return answer.id
  }
  const whose = { provider_id: provider.id, location_id: location.id }
  const series = { ...offer, client_id: client.id, repetition: { every: 'week', count: 2 } }
  return {
    ...stage,
    provider,
    client,
    ids: {
      location: location.id,
      user: user.id,
      provider: provider.id,
      client: client.id,
      dependent: await make('/dependents', { name: 'Kim', client_id: client.id }),
      resource: await make('/resources', { name: 'Room 1', kind: 'room', location_id: location.id }),
      time_off: await make('/time-off', {
        ...whose,
        starts_at: '2027-03-08T09:00:00Z',
        ends_at: '2027-03-08T10:00:00Z',
      }),
      slot: await make('/published-slots', {
        ...whose,
        starts_at: '2027-03-04T09:00:00Z',
        ends_at: '2027-03-04T10:00:00Z',
      }),
      series: await make('/appointments/series', { ...series, starts_at: '2027-03-09T10:00:00Z' }),
      service: service.id,
      api_key: made.body.id,
      window: hours.body.items[0].id,
      hold: held.body.id,
      appointment: booked.body.id,
      run: run.body.id,
      feed: feed.body.url.match(/([^/]+)\.ics$/)[1],
      notification: await newMessage(app, stage, client.id, booked.body.id),
      subscription: await make('/users/me/push-subscriptions', {
        endpoint: 'https://push.example.org/1',
        keys: browserKeys(),
      }),
    },
  }
}

/** Keys as a browser makes them for a push subscription. */
export function browserKeys(): { p256dh: string; auth: string } {
  const ecdh = createECDH('prime256v1')
  return { p256dh: ecdh.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') }
}

/** A message of which this has become. */
export async function newMessage(
  app: TestApp,
  { organization }: Stage,
  recipient_id: string,
  appointment_id: string,
  state: 'failed' | 'sent' = 'failed',
): Promise<string> {
  const about = { audience: 'client' as const, channel: 'email' as const, recipient_id, appointment_id }
  const at = { next_try_at: app.now(), created_at: app.now(), updated_at: app.now() }
  const said = { kind: 'booked', cause: `a test: ${state}`, state }
  const row = { organization_id: organization.id, id: newId(), ...about, ...said, ...at }
  await app.connection.db.insertInto('notifications').values(row).execute()
  return row.id
}

/** Puts a photo in its place without drawing it, which most tests of a world do not look at. */
async function givePhoto(app: TestApp, { organization }: Stage, person_id: string): Promise<void> {
  const content = Buffer.from('drawn')
  const picture = { type: 'image/webp', width: 1, height: 1, content, sha256: content }
  await app.connection.db
    .insertInto('photos')
    .values({ organization_id: organization.id, person_id, ...picture, updated_at: app.now() })
    .execute()
}
