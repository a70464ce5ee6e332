import assert from 'node:assert/strict'
import { takeNoBookings } from '../../../server/accounts/roles.ts'
import { inTransaction } from '../../../server/database/transactions.ts'
import { type Answer, type Asking, type TestApp } from '../../../test/app.ts'
import { newOrganization, newPerson, type Person, type Stage, visiting } from '../../../test/cast.ts'

/** Asks the school's dialect; a path is one below its own base. */
export interface SchoolApi {
  ask(method: string, path: string, asking?: Asking): Promise<Answer>
  get(path: string, person?: Person): Promise<Answer>
  post(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
  put(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
  delete(path: string, person?: Person): Promise<Answer>
}

/** As somebody of a school, or as its visitor where nobody is named. */
export function schoolApi(app: TestApp, { organization }: Pick<Stage, 'organization'>): SchoolApi {
  const ask = (method: string, path: string, { headers, ...asking }: Asking = {}) =>
    app.request(method, `//school/api/v1${path}`, {
      headers: { ...visiting(organization), ...headers },
      ...asking,
    })
  return {
    ask,
    get: (path, person) => ask('GET', path, { token: person?.token }),
    post: (path, person, body) => ask('POST', path, { token: person?.token, body }),
    put: (path, person, body) => ask('PUT', path, { token: person?.token, body }),
    delete: (path, person) => ask('DELETE', path, { token: person?.token }),
  }
}

/** The Monday of the week in which the clock of a test stands, and of the one after it. */
export const WEEK = '2027-03-01'
export const NEXT_WEEK = '2027-03-08'
export const TUESDAY = '2027-03-02'

/** A school with a teacher and a parent, who both have a profile. */
export async function newSchool(
  app: TestApp,
  options?: Omit<Parameters<typeof newOrganization>[1], 'trade'>,
) {
  const stage = await newOrganization(app, { ...options, trade: 'school' })
  const api = schoolApi(app, stage)
  const [teacher, parent] = [await newTeacher(app, stage), await newParent(app, stage)]
  return { stage, admin: stage.admin, api, teacher, parent }
}

/** Somebody whom no administrator has given a profile yet. */
export async function newUser(
  app: TestApp,
  { organization }: Pick<Stage, 'organization'>,
  role: 'teacher' | 'parent',
): Promise<Person> {
  if (role === 'parent') return newPerson(app, organization, ['client'])
  const person = await newPerson(app, organization, ['provider'])
  await inTransaction(app.connection.db, (trx) => takeNoBookings(trx, organization.id, person.id))
  return person
}

export async function newTeacher(app: TestApp, stage: Stage, profile: object = {}): Promise<Person> {
  const teacher = await newUser(app, stage, 'teacher')
  made(await schoolApi(app, stage).post('/teachers', stage.admin, { user_id: teacher.id, ...profile }))
  return teacher
}

/** A parent who comes for a student. */
export async function newParent(app: TestApp, stage: Stage, profile: object = {}): Promise<Person> {
  const parent = await newUser(app, stage, 'parent')
  const body = { user_id: parent.id, student_name: `Student of ${parent.name}`, ...profile }
  made(await schoolApi(app, stage).post('/parents', stage.admin, body))
  return parent
}

/** A slot on Tuesday from ten to half past, unless something else is wanted. */
export async function newSlot(api: SchoolApi, teacher: Person, wanted: object = {}) {
  return made(
    await api.post('/slots', teacher, { teacher_id: teacher.id, ...slotOn(1, '10:00', '10:30'), ...wanted }),
  )
}

/** A time in a week, as a body says it. */
export function slotOn(day_of_week: number, start_time: string, end_time: string, week_start_date = WEEK) {
  return { day_of_week, start_time, end_time, week_start_date }
}

/** A meeting online, in a slot that there is. */
export async function newMeeting(
  api: SchoolApi,
  parent: Person,
  { id: slot_id }: { id: string },
  wanted: object = {},
) {
  return made(await api.post('/appointments/book', parent, { slot_id, meeting_mode: 'online', ...wanted }))
}

/** What an answer made. */
export function made({ status, body }: Answer) {
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

/** A failure of this system: one sentence in JSON; where fields are wrong, also which. */
export function isFailure({ status, body, headers }: Answer, expected: number, sentence = /\w/): void {
  assert.equal(status, expected, JSON.stringify(body))
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  assert.deepEqual(Object.keys(body), status === 422 ? ['detail', 'errors'] : ['detail'])
  assert.match(body.detail, sentence)
}
