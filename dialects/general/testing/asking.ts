import assert from 'node:assert/strict'
import { type Answer, type Asking, type TestApp } from '../../../test/app.ts'
import {
  newClient,
  newOrganization,
  newProvider,
  type Person,
  type Stage,
  visiting,
} from '../../../test/cast.ts'

/** Asks the general dialect; a path is one below its own base. */
export interface GeneralApi {
  ask(method: string, path: string, asking?: Asking): Promise<Answer>
  get(path: string, person?: Person): Promise<Answer>
  post(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
  patch(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
}

/** As somebody of an organization, or as its visitor where nobody is named. */
export function generalApi(app: TestApp, { organization }: Pick<Stage, 'organization'>): GeneralApi {
  const ask = (method: string, path: string, { headers, ...asking }: Asking = {}) =>
    app.request(method, `//general/api/v1${path}`, {
      headers: { ...visiting(organization), ...headers },
      ...asking,
    })
  return {
    ask,
    get: (path, person) => ask('GET', path, { token: person?.token }),
    post: (path, person, body) => ask('POST', path, { token: person?.token, body }),
    patch: (path, person, body) => ask('PATCH', path, { token: person?.token, body }),
  }
}

export const TUESDAY = '2027-03-02'

/** From one time of day to another, as a body says it. */
export function from(start: string, end: string, date = TUESDAY) {
  return { start_time: `${date}T${start}:00`, end_time: `${date}T${end}:00` }
}

/** An organization with somebody of the staff, who is there from nine to five on weekdays, and a client. */
export async function newPractice(app: TestApp, options?: Parameters<typeof newOrganization>[1]) {
  const stage = await newOrganization(app, options)
  const [staff, client] = [await newProvider(app, stage), await newClient(app, stage)]
  return { stage, staff, client, api: generalApi(app, stage) }
}

/** An appointment on Tuesday from ten to eleven, unless something else is wanted. */
export async function newAppointment(
  api: GeneralApi,
  client: Person,
  { id: staff_id }: { id: string },
  wanted: object = {},
) {
  const answer = await api.post('/appointments', client, { staff_id, ...from('10:00', '11:00'), ...wanted })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body
}

/** A failure of this system: one sentence in JSON, and nothing else. */
export function isFailure({ status, body, headers }: Answer, expected: number, sentence = /\w/): void {
  assert.equal(status, expected, JSON.stringify(body))
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  assert.deepEqual(Object.keys(body), ['detail'])
  assert.match(body.detail, sentence)
}
