import assert from 'node:assert/strict'
import type { TestApp } from '../../../test/app.ts'
import { newOrganization, type Stage } from '../../../test/cast.ts'
import type { Rules } from '../../../presets/preset.ts'
import { bringIn, listOf } from './moving.ts'

export const rules = {
  grid: 'none',
  length: 'request',
  clients_may_overlap: false,
  horizon_minutes: null,
} as const
export const people = {
  providers: ['name,email', 'Bo,bo@example.org', 'Di,di@example.org'],
  clients: ['name,email,phone', 'Cy,cy@example.org,', 'Fay,,+4915100000001'],
}
export const header = 'provider,client,starts_at,ends_at,state'
export const past = 'bo@example.org,cy@example.org,2027-02-26 09:00,2027-02-26 10:00,completed'
export const coming = 'bo@example.org,cy@example.org,2027-03-02 09:00,2027-03-02 10:00,confirmed'

/** An organization with the people of the files in it. */
export async function arrangeIn(app: TestApp, more: Partial<Rules> = {}): Promise<Stage> {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  await bringIn(app, stage, people)
  return stage
}

export const appointmentsOf = (app: TestApp, stage: Stage) => listOf(app, stage, '/appointments?order=asc')
export const idOf = async (app: TestApp, stage: Stage, path: string, name: string): Promise<string> =>
  (await listOf(app, stage, path)).find((one) => one.name === name)!.id

export async function reservationsOf(app: TestApp, stage: Stage): Promise<number> {
  const query = 'select from reservations where organization_id = $1'
  return (await app.connection.pool.query(query, [stage.organization.id])).rowCount!
}

export async function hoursFor(app: TestApp, { admin }: Stage, provider_id: string): Promise<void> {
  const windows = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '08:00', closes: '18:00' }))
  const answer = await app.request('PUT', '/hours/week', {
    token: admin.token,
    body: { provider_id, windows },
  })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
}
