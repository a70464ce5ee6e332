import assert from 'node:assert/strict'
import { ask, type TestApp } from './app.ts'
import type { Stage } from './cast.ts'

export interface ShownSlot {
  provider_id: string
  starts_at: string
  ends_at: string
  slot_id?: string
  seats_left?: number
}

/** The free times that somebody is shown. */
export async function freeSlots(
  app: { address: string },
  { token }: { token: string },
  query: Record<string, string>,
): Promise<ShownSlot[]> {
  const answer = await ask(app.address, 'GET', `/slots?${new URLSearchParams(query)}`, { token })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body.items
}

/** When somebody has time on one date, or between two: starts as hours and minutes in UTC. */
export async function freeTimes(
  app: { address: string },
  asker: { token: string },
  provider: { id: string },
  { date, ...query }: { date: string } & Record<string, string>,
): Promise<string[]> {
  const wanted = { provider_id: provider.id, from: date, to: date, ...query }
  const slots = await freeSlots(app, asker, wanted)
  return slots.map(({ starts_at }) => starts_at.slice(11, 16))
}

/** Changes rules as an administrator does, so that the program hears of it. */
export async function setRules(app: TestApp, { admin }: Stage, rules: object): Promise<void> {
  const answer = await app.request('PATCH', '/organization', { token: admin.token, body: { rules } })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
}

/** The code of a refusal, and its status with it; or only the status of what was granted. */
export function said({ status, body }: { status: number; body: { code?: string } }): string {
  return body?.code ? `${status} ${body.code}` : String(status)
}
