import assert from 'node:assert/strict'
import { newCitizen, newOffices, type Offices, visitOf } from '../../dialects/office/testing/asking.ts'
import type { Answer } from '../app.ts'
import type { Person } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import type { RaceGround } from './ground.ts'

/** What races through the offices' dialect have in common. */
export function officesOn({ app, ask: askGround }: RaceGround) {
  const ask = (method: string, path: string, { token }: Person, body?: unknown): Promise<Answer> =>
    askGround(method, `//office/api/v1${path}`, { token, body })
  const book = (offices: Asked, who: Person, wanted: object = {}, citizen: object = newCitizen()) =>
    ask('POST', '/appointments', who, { citizen, appointment: visitOf(offices, wanted) })
  const step = (who: Person, { id }: { id: string }, name: string, body?: object) =>
    ask('POST', `/appointments/${id}/${name}`, who, body)
  return {
    ask,
    book,
    step,

    /** An office, and so many users who would visit it. */
    async arrange(size: number) {
      const offices = await newOffices(app)
      return { ...offices, crowd: size > 0 ? await newCrowd(app, offices.stage, size) : [] }
    },

    async booked(...asked: Parameters<typeof book>): Promise<Visit> {
      const { status, body } = await book(...asked)
      assert.equal(status, 201, JSON.stringify(body))
      return body.appointment
    },

    async approved(offices: Asked, who: Person, wanted: object = {}): Promise<Visit> {
      const { id } = (await book(offices, who, wanted)).body.appointment
      const { status, body } = await step(offices.host, { id }, 'decision', { decision: 'approved' })
      assert.equal(status, 200, JSON.stringify(body))
      return body
    },

    async listed(admin: Person): Promise<Visit[]> {
      return (await ask('GET', '/appointments', admin)).body
    },

    async nothingIsBroken() {
      assert.deepEqual(await findBrokenPromises(app.connection.pool), [])
    },
  }
}

type Asked = Pick<Offices, 'host' | 'office'>

export interface Visit {
  id: string
  status: string
  time_slotted: string
}

/** The n-th slot of a morning, which has twelve. */
export function slot(n: number) {
  const time_slotted = Temporal.PlainTime.from('09:00')
    .add({ minutes: 15 * n })
    .toString({ smallestUnit: 'minute' })
  return { time_slotted }
}
