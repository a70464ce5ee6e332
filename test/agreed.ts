import assert from 'node:assert/strict'
import type { Rules } from '../presets/preset.ts'
import { ask, type TestApp } from './app.ts'
import { book, newClient, newOrganization, newProvider, type Person, type Stage } from './cast.ts'
import { workOff } from './working.ts'

/** An appointment, those who have agreed on it, and whoever may look at the messages. */
export interface Agreed extends Stage {
  provider: Person
  client: Person
  id: string
}

/** The day after the one on which the clock of a test stands, at ten. */
export const TEN = '2027-03-02T10:00:00Z'

/** What the trades want to know of an appointment. */
const details: Record<string, Record<string, string>> = {
  school: { meeting_mode: 'online' },
  clinic: { reason: 'Cough' },
  veterinary: { reason: 'Cough' },
}

/** An appointment of which nothing has been said yet; their accounts have been told of. */
export async function agreed(
  app: TestApp,
  options: { trade?: string; starts_at?: string; time_zone?: string; rules?: Partial<Rules> } = {},
): Promise<Agreed> {
  const { trade = 'general', starts_at = TEN } = options
  const stage = await newOrganization(app, options)
  const provider = await newProvider(app, stage, { opens: '00:00', closes: '24:00' })
  const client = await newClient(app, stage)
  await workOff(app)
  return { ...stage, provider, client, id: await bookFor(app, { trade, provider, client, starts_at }) }
}

export async function bookFor(
  app: TestApp,
  wanted: { trade?: string; provider: Person; client: Person; starts_at: string },
): Promise<string> {
  const { trade = 'general', provider, client, starts_at } = wanted
  const ends_at = Temporal.Instant.from(starts_at).add({ minutes: 30 }).toString()
  const length = ['general', 'veterinary'].includes(trade) ? { ends_at } : {}
  const body = { provider_id: provider.id, starts_at, details: details[trade] ?? {}, ...length }
  const answer = await book(app, client, body)
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body.id
}

/** Does something with an appointment, as somebody who may. */
export async function act(
  app: { address: string },
  { token }: Person,
  id: string,
  verb: string,
  body = {},
): Promise<void> {
  const answer = await ask(app.address, 'POST', `/appointments/${id}/${verb}`, { token, body })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
}

/** Gives somebody a phone. */
export async function phoneOf(app: { address: string }, { token }: Person, phone: string): Promise<void> {
  const answer = await ask(app.address, 'PATCH', '/users/me', { token, body: { phone } })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
}

/** What the records of an appointment's messages say. */
export async function recordsOf(app: TestApp, { admin, id }: Agreed, query = '') {
  const { status, body } = await app.get(`/notifications?appointment_id=${id}${query}`, {
    token: admin.token,
  })
  assert.equal(status, 200)
  return body.items
}
