import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, type Stage } from '../../test/cast.ts'
import { said } from '../../test/free.ts'
import type { Rules } from '../../presets/preset.ts'

const NINE = '2027-03-02T09:00:00Z'
const rules: Partial<Rules> = {
  grid: 'windows',
  length: 'service',
  slot_minutes: 60,
  confirm_by: 'provider',
  completes_from: ['confirmed', 'arrived', 'in_progress'],
}

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

/** How an appointment comes to stand in a state. */
const ways = {
  pending: [],
  confirmed: ['confirm'],
  arrived: ['confirm', 'arrive'],
  in_progress: ['confirm', 'start'],
  completed: ['confirm', 'complete'],
  cancelled: ['cancel'],
  declined: ['decline'],
  no_show: ['no-show'],
}
type State = keyof typeof ways

const steps = [
  'confirm',
  'decline',
  'arrive',
  'start',
  'complete',
  'no-show',
  'cancel',
  'reschedule',
  'change',
]

/** What can be done from there, and what comes of it; everything else is refused. */
const leads: Record<State, Record<string, State>> = {
  pending: {
    confirm: 'confirmed',
    decline: 'declined',
    arrive: 'arrived',
    start: 'in_progress',
    'no-show': 'no_show',
    cancel: 'cancelled',
    reschedule: 'pending',
    change: 'pending',
  },
  confirmed: {
    arrive: 'arrived',
    start: 'in_progress',
    complete: 'completed',
    'no-show': 'no_show',
    cancel: 'cancelled',
    reschedule: 'confirmed',
    change: 'confirmed',
  },
  arrived: { start: 'in_progress', complete: 'completed', cancel: 'cancelled', change: 'arrived' },
  in_progress: { complete: 'completed', change: 'in_progress' },
  completed: {},
  cancelled: {},
  declined: {},
  no_show: {},
}

describe('an appointment', () => {
  for (const [state, lead] of Object.entries(leads) as [State, Record<string, State>][]) {
    const on = Object.keys(lead).join(', ') || 'nothing: it has ended'
    it(`that is ${state.replace('_', ' ')} leads on to: ${on}`, async () => {
      const stage = await newOrganization(app, { rules })
      const appointments = []
      for (let at = 0; at < steps.length; at++) appointments.push(await newAppointment(stage, state))
      for (const [at, step] of steps.entries()) {
        const answer = await take(stage, appointments[at]!, step)
        const expected = lead[step] ? `200 ${lead[step]}` : '409 wrong_state'
        assert.equal(answer.status === 200 ? `200 ${answer.body.state}` : said(answer), expected, step)
      }
    })
  }
})

async function newAppointment(stage: Stage, state: State): Promise<string> {
  app.setClock(MONDAY)
  const [provider, client] = [
    await newProvider(app, stage, { weekdays: [2, 3] }),
    await newClient(app, stage),
  ]
  const { body } = await book(app, client, { provider_id: provider.id, starts_at: NINE })
  app.setClock(NINE)
  for (const step of ways[state]) await take(stage, body.id, step)
  return body.id
}

function take({ admin: { token } }: Stage, id: string, step: string) {
  if (step === 'change') return app.request('PATCH', `/appointments/${id}`, { token, body: { notes: 'x' } })
  const body = step === 'reschedule' ? { starts_at: '2027-03-03T10:00:00Z' } : undefined
  return app.post(`/appointments/${id}/${step}`, { token, body })
}
