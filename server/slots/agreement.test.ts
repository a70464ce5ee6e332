import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Rules } from '../../presets/preset.ts'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
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
} from '../../test/cast.ts'
import { said, setRules } from '../../test/free.ts'
import type { ServiceContent } from '../services/services.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 30 } as const
const date = '2027-03-02'
const at = (time: string) => `${date}T${time}:00Z`

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

interface Scene {
  rules?: Partial<Rules>
  service?: Partial<ServiceContent>
  /** Starts of what somebody else has booked. */
  booked?: string[]
  off?: string[]
  published?: string[]
  opens?: string
  now?: string
}

const scenes: Record<string, Scene> = {
  'an empty morning': {},
  'a service that takes longer than a step': { service: { minutes: 50, step_minutes: 20 } },
  'bookings between': { booked: ['09:00', '10:30', '11:00', '12:30'] },
  'buffers on both sides': {
    service: { minutes: 30, step_minutes: 10, buffer_before_minutes: 5, buffer_after_minutes: 15 },
    booked: ['10:00', '11:50'],
  },
  'time off': { off: ['10:15-11:00', '12:00-12:01'] },
  'time off beside buffers': {
    service: { minutes: 20, step_minutes: 10, buffer_before_minutes: 10, buffer_after_minutes: 20 },
    off: ['10:30-11:30'],
  },
  'a notice that ends in the morning': { now: at('09:17'), rules: { notice_minutes: 90 } },
  'a horizon that ends in the morning': { now: '2027-03-01T10:45:00Z', rules: { horizon_minutes: 1440 } },
  'a grid of the clock': { opens: '09:10', rules: { grid: 'clock' }, service: { minutes: 45 } },
  'a break after two': {
    rules: { break_after: { appointments: 2, minutes: 30 } },
    booked: ['09:30', '10:00', '11:30', '12:15'],
    service: { minutes: 30, step_minutes: 15 },
  },
  'a break after one, with buffers': {
    rules: { break_after: { appointments: 1, minutes: 20 } },
    booked: ['10:30'],
    service: { minutes: 20, step_minutes: 5, buffer_before_minutes: 5, buffer_after_minutes: 10 },
  },
  'a break and time off': {
    rules: { break_after: { appointments: 3, minutes: 15 } },
    booked: ['09:00', '09:30', '11:00', '11:30'],
    off: ['10:00-10:10'],
    service: { minutes: 30, step_minutes: 10 },
  },
  'a day that is full': { rules: { most_per_provider_and_day: 2 }, booked: ['09:00', '12:30'] },
  'a registration that is over': { rules: { registration_closes_at: '2027-03-01T00:00:00Z' } },
  'a published slot in the hours': { published: ['11:00-12:00'] },
  'a published slot, and buffers around visits': {
    published: ['11:00-12:00'],
    service: { minutes: 30, step_minutes: 15, buffer_before_minutes: 15, buffer_after_minutes: 30 },
  },
  'a place that takes one at a time': { rules: { location_takes_one: true }, booked: ['11:00'] },
}

/** Every ten minutes from before the hours until after them, and some in between. */
const times = [
  ...Array.from(
    { length: 29 },
    (_, n) => `${8 + Math.floor((n + 3) / 6)}`.padStart(2, '0') + `:${(n + 3) % 6}0`,
  ),
  '09:05',
  '10:15',
  '10:45',
  '11:15',
  '11:35',
  '12:25',
].toSorted()

describe('a time is offered, said to be bookable, and given, or none of them', () => {
  for (const [name, scene] of Object.entries(scenes)) {
    it(name, async () => {
      const { client, provider, desk, service_id } = await arrange(scene)
      const offered = await slotsOf(client, provider, service_id)
      const explained: string[] = []
      const given: string[] = []
      for (const time of times) {
        const wanted = { provider_id: provider.id, service_id, starts_at: at(time) }
        const query = new URLSearchParams(wanted)
        const { body } = await app.get(`/slots/explain?${query}`, { token: desk.token })
        assert.equal(body.can_be_booked, body.reasons.length === 0)
        if (body.can_be_booked) explained.push(time)
        if (await isGiven(client, wanted)) given.push(time)
      }
      // Published slots are offered too, and taken by their id.
      const byTime = offered
        .filter(({ slot_id }) => !slot_id)
        .map(({ starts_at }) => starts_at.slice(11, 16))
        .filter((time) => times.includes(time))
      assert.deepEqual(explained, byTime)
      assert.deepEqual(given, byTime)
    })
  }
})

async function slotsOf({ token }: Person, { id: provider_id }: Person, service_id: string) {
  const query = new URLSearchParams({ provider_id, service_id, from: date, to: date })
  const { body } = await app.get(`/slots?${query}`, { token })
  return body.items as { starts_at: string; slot_id?: string }[]
}

/** Takes a time and gives it back. */
async function isGiven({ token }: Person, body: object): Promise<boolean> {
  const held = await app.post('/holds', { token, body })
  if (held.status !== 201) return false
  assert.equal((await app.request('DELETE', `/holds/${held.body.id}`, { token })).status, 204)
  return true
}

async function arrange(scene: Scene) {
  const { rules: more, service, booked = [], off = [], published = [], now, opens = '09:00' } = scene
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const location = await newLocation(app, stage)
  const provider = await newProvider(app, stage, { opens, closes: '13:00' })
  const desk = await newPerson(app, stage.organization, ['reception'])
  for (const who of [provider, desk]) await worksAt(app, stage, who, location)
  const { id: service_id } = await newService(app, stage, { minutes: 30, ...service })
  const client = await newClient(app, stage)
  // Somebody else has booked, when the rules were others.
  const { grid, break_after } = { break_after: null, ...rules, ...more }
  await setRules(app, stage, { grid: 'none', break_after: null })
  for (const time of booked) {
    const { id: client_id } = await newClient(app, stage)
    const wanted = { provider_id: provider.id, client_id, service_id, starts_at: at(time) }
    assert.equal(said(await book(app, stage.admin, wanted)), '201', time)
  }
  await setRules(app, stage, { grid, break_after })
  await makeAll(stage, '/time-off', off, { provider_id: provider.id })
  await makeAll(stage, '/published-slots', published, { provider_id: provider.id, location_id: location.id })
  if (now) app.setClock(now)
  return { client, provider, desk, service_id }
}

async function makeAll({ admin: { token } }: Stage, path: string, whens: string[], owner: object) {
  for (const when of whens) {
    const [from, to] = when.split('-')
    const body = { ...owner, starts_at: at(from!), ends_at: at(to!) }
    assert.equal(said(await app.post(path, { token, body })), '201')
  }
}
