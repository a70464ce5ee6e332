import assert from 'node:assert/strict'
import { addDependent } from '../../server/people/dependents.ts'
import type { Answer } from '../app.ts'
import { newOrganization, newPerson, type Person, type Stage } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import type { RaceGround } from './ground.ts'

export interface Slot {
  id: string
  start_time: string
}

/** What races through the school's dialect have in common. */
export function schoolOn({ app, ask: askGround }: RaceGround) {
  const ask = (method: string, path: string, { token }: Person, body?: unknown): Promise<Answer> =>
    askGround(method, `//school/api/v1${path}`, { token, body })
  const offer = (who: Person, time: object, { id: teacher_id } = who) =>
    ask('POST', '/slots', who, { teacher_id, ...WEEK, ...time })
  return {
    ask,
    offer,

    async offered(teacher: Person, time: object): Promise<Slot> {
      const { status, body } = await offer(teacher, time)
      assert.equal(status, 201, JSON.stringify(body))
      return body
    },

    book: (parent: Person, { id: slot_id }: { id: string }) =>
      ask('POST', '/appointments/book', parent, { slot_id, meeting_mode: 'online' }),

    newTeacher: ({ organization }: Stage) => newPerson(app, organization, ['provider']),

    /** A school with a teacher and so many parents, each of whom comes for a student. */
    async arrange(size: number) {
      const stage = await newOrganization(app, { trade: 'school' })
      const teacher = await newPerson(app, stage.organization, ['provider'])
      const crowd = size > 0 ? await newCrowd(app, stage, size) : []
      const actor = { ...byAdmin(stage), roles: ['admin' as const], location_ids: [] }
      for (const { id: client_id } of crowd) {
        await addDependent(app.connection.db, actor, { name: 'A student', client_id }, app.now())
      }
      return { stage, admin: stage.admin, teacher, crowd }
    },

    async statusesOf(admin: Person): Promise<Record<string, string>> {
      const { appointments } = (await ask('GET', '/appointments', admin)).body
      return Object.fromEntries(
        appointments.map((one: { id: string; status: string }) => [one.id, one.status]),
      )
    },

    async nothingIsBroken() {
      assert.deepEqual(await findBrokenPromises(app.connection.pool), [])
    },
  }
}

const byAdmin = ({ organization, admin }: Stage) => ({
  organization_id: organization.id,
  person_id: admin.id,
  session_id: '',
})

export const WEEK = { week_start_date: '2027-03-01' }

/** Half an hour on Tuesday. */
export function at(hour: number, minute = 0) {
  const start = Temporal.PlainTime.from({ hour, minute })
  const [start_time, end_time] = [start, start.add({ minutes: 30 })].map((time) => `${time}`)
  return { day_of_week: 1, start_time: start_time!, end_time: end_time! }
}

/** Asks for one thing somewhere among all the others. */
export async function inBetween(asks: (() => Promise<Answer>)[], one: () => Promise<Answer>) {
  const cut = Math.floor(Math.random() * (asks.length + 1))
  const early = asks.slice(0, cut).map((asking) => asking())
  const asked = one()
  const late = asks.slice(cut).map((asking) => asking())
  return { answer: await asked, others: await Promise.all([...early, ...late]) }
}

/** How many answers there were of each status. */
export function byStatus(answers: Answer[]): Record<number, number> {
  const statuses = [...Map.groupBy(answers, ({ status }) => status)]
  return Object.fromEntries(statuses.map(([status, all]) => [status, all.length]))
}
