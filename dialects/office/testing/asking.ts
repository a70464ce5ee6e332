import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { replaceWeek, type Window } from '../../../server/hours/hours.ts'
import type { Location } from '../../../server/organizations/locations.ts'
import type { Role } from '../../../server/permissions.ts'
import { type Answer, type Asking, type TestApp } from '../../../test/app.ts'
import {
  newLocation,
  newOrganization,
  newPerson,
  type Person,
  type Stage,
  visiting,
  worksAt,
} from '../../../test/cast.ts'

/** Asks the offices' dialect; a path is one below its own base. */
export interface OfficeApi {
  ask(method: string, path: string, asking?: Asking): Promise<Answer>
  get(path: string, person?: Person): Promise<Answer>
  post(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
  put(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
  patch(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
  delete(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
}

/** As somebody of an authority, or as its visitor where nobody is named. */
export function officeApi(app: TestApp, { organization }: Pick<Stage, 'organization'>): OfficeApi {
  const ask = (method: string, path: string, { headers, ...asking }: Asking = {}) =>
    app.request(method, `//office/api/v1${path}`, {
      headers: { ...visiting(organization), ...headers },
      ...asking,
    })
  const asked = (method: string) => (path: string, person: Person | undefined, body?: unknown) =>
    ask(method, path, { token: person?.token, body })
  return {
    ask,
    get: asked('GET'),
    post: asked('POST'),
    put: asked('PUT'),
    patch: asked('PATCH'),
    delete: asked('DELETE'),
  }
}

/** The day after the one on which the clock of a test stands. */
export const TUESDAY = '2027-03-02'

/** An authority with one office, which is open from nine to twelve on weekdays, and with who works there. */
export async function newOffices(
  app: TestApp,
  options?: Omit<Parameters<typeof newOrganization>[1], 'trade'>,
) {
  const stage = await newOrganization(app, { ...options, trade: 'office' })
  const office = await newOffice(app, stage)
  return {
    stage,
    admin: stage.admin,
    api: officeApi(app, stage),
    office,
    host: await newMember(app, stage, office, 'provider'),
    secretary: await newMember(app, stage, office, 'secretary'),
    receptionist: await newMember(app, stage, office, 'reception'),
  }
}

export type Offices = Awaited<ReturnType<typeof newOffices>>

/** One more office, open from nine to twelve on weekdays unless other hours are given. */
export async function newOffice(
  app: TestApp,
  stage: Stage,
  hours: { weekdays?: number[] } & Partial<Window> = {},
): Promise<Location> {
  const office = await newLocation(app, stage)
  const { weekdays = [1, 2, 3, 4, 5], opens = '09:00', closes = '12:00' } = hours
  const actor = {
    organization_id: stage.organization.id,
    person_id: stage.admin.id,
    session_id: '',
    roles: ['admin' as const],
    location_ids: [],
  }
  const windows = weekdays.map((weekday) => ({ weekday, opens, closes }))
  await replaceWeek(app.connection.db, actor, { location_id: office.id }, windows, app.now())
  return office
}

/** Somebody new who works at an office. */
export async function newMember(
  app: TestApp,
  stage: Stage,
  office: { id: string },
  role: Role,
): Promise<Person> {
  const person = await newPerson(app, stage.organization, [role])
  await worksAt(app, stage, person, office)
  return person
}

let citizens = 0

/** A citizen nobody has heard of yet, as the desk writes them down. */
export function newCitizen(content: object = {}) {
  const number = ++citizens
  const phone = `+4416329${String(10_000 + number)}`
  return { firstname: 'Citizen', lastname: `Number${number}`, phone, ...content }
}

/** What books a slot: on Tuesday at ten, unless something else is wanted. */
export function visitOf(
  { host, office }: { host: { id: string }; office: { id: string } },
  wanted: object = {},
) {
  return {
    host_id: host.id,
    office_id: office.id,
    appointment_date: TUESDAY,
    time_slotted: '10:00',
    ...wanted,
  }
}

/** A visit that the desk has booked for a citizen; it waits for the office's decision. */
export async function newVisit(
  offices: Pick<Offices, 'api' | 'host' | 'office' | 'receptionist'>,
  wanted: object = {},
  citizen: object = newCitizen(),
) {
  const { api, receptionist } = offices
  const body = { citizen, appointment: visitOf(offices, wanted) }
  const answer = await api.post('/appointments', receptionist, body)
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body.appointment
}

/** Asks for a slot as somebody; the answer is the test's to judge. */
export function book(
  offices: Pick<Offices, 'api' | 'host' | 'office'>,
  who: Person | undefined,
  wanted: object = {},
  citizen: object = newCitizen(),
) {
  return offices.api.post('/appointments', who, { citizen, appointment: visitOf(offices, wanted) })
}

/** The same authority seen from one more office, where other people work. */
export async function newBranch(app: TestApp, offices: Offices): Promise<Offices> {
  const { stage } = offices
  const office = await newOffice(app, stage)
  return {
    ...offices,
    office,
    host: await newMember(app, stage, office, 'provider'),
    secretary: await newMember(app, stage, office, 'secretary'),
    receptionist: await newMember(app, stage, office, 'reception'),
  }
}

/** A visit to which the host has said yes. */
export async function newApproved(offices: Offices, wanted: object = {}, citizen: object = newCitizen()) {
  const { id } = await newVisit(offices, wanted, citizen)
  const said = await offices.api.post(`/appointments/${id}/decision`, offices.host, { decision: 'approved' })
  assert.equal(said.status, 200, JSON.stringify(said.body))
  return said.body
}

/** A failure of this system: one sentence in JSON, and nothing else. */
export function isFailure({ status, body, headers }: Answer, expected: number, sentence = /\w/): void {
  assert.equal(status, expected, JSON.stringify(body))
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  assert.deepEqual(Object.keys(body), ['detail'])
  assert.match(body.detail, sentence)
}

export interface Cookie {
  value: string
  path: string | undefined
  isHttpOnly: boolean
  isSecure: boolean
  /** Whether it is taken away rather than set. */
  isGone: boolean
}

/** The cookies that an answer sets, by name. */
export function cookiesOf({ headers }: Answer): Record<string, Cookie> {
  const found = headers.getSetCookie().map((line): [string, Cookie] => {
    const [pair = '', ...marks] = line.split('; ')
    const [name = '', value = ''] = pair.split('=')
    const cookie: Cookie = {
      value: decodeURIComponent(value),
      path: marks.find((mark) => mark.startsWith('Path='))?.slice('Path='.length),
      isHttpOnly: marks.includes('HttpOnly'),
      isSecure: marks.includes('Secure'),
      isGone: marks.includes('Max-Age=0'),
    }
    return [name, cookie]
  })
  return Object.fromEntries(found)
}

/** What has happened to an account that its person is to hear of, in order. */
export async function eventsAbout(app: TestApp, person_id: string): Promise<string[]> {
  const { rows } = await sql<{ kind: string }>`
    select kind from events where data->>'person_id' = ${person_id} order by created_at, id`.execute(
    app.connection.db,
  )
  return rows.map(({ kind }) => kind)
}
