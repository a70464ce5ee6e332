import assert from 'node:assert/strict'
import type { Rules } from '../../../presets/preset.ts'
import { type Answer, type Asking, type TestApp } from '../../../test/app.ts'
import {
  newClient,
  newOrganization,
  newProvider,
  type Person,
  type Stage,
  visiting,
} from '../../../test/cast.ts'

/** Asks the clinic's dialect; a path is one below its own base. */
export interface ClinicApi {
  ask(method: string, path: string, asking?: Asking): Promise<Answer>
  get(path: string, person?: Person): Promise<Answer>
  post(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
  patch(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
}

/** As somebody of a clinic, or as its visitor where nobody is named. */
export function clinicApi(app: TestApp, { organization }: Pick<Stage, 'organization'>): ClinicApi {
  const ask = (method: string, path: string, { headers, ...asking }: Asking = {}) =>
    app.request(method, `//clinic/api/v1${path}`, {
      headers: { ...visiting(organization), ...headers },
      ...asking,
    })
  const asked = (method: string) => (path: string, person: Person | undefined, body?: unknown) =>
    ask(method, path, { token: person?.token, body })
  return { ask, get: asked('GET'), post: asked('POST'), patch: asked('PATCH') }
}

/** The day after the one on which the clock of a test stands. */
export const TUESDAY = '2027-03-02'

/** A clinic with one doctor, who is there from nine to five on weekdays, and one patient. */
export async function newClinic(app: TestApp, options: { time_zone?: string; rules?: Partial<Rules> } = {}) {
  const stage = await newOrganization(app, { ...options, trade: 'clinic' })
  const api = clinicApi(app, stage)
  const doctor = await newProvider(app, stage)
  const patient = await newClient(app, stage)
  return { stage, admin: stage.admin, api, doctor, patient }
}

export type Clinic = Awaited<ReturnType<typeof newClinic>>

/** Asks for a half hour: Tuesday at ten, unless something else is wanted. */
export function book(
  { api, doctor }: Pick<Clinic, 'api' | 'doctor'>,
  who: Person | undefined,
  wanted: object = {},
) {
  const body = { doctorId: doctor.id, start: `${TUESDAY}T10:00:00Z`, reason: 'A cough', ...wanted }
  return api.post('/appointments', who, body)
}

/** An appointment of the clinic's patient. */
export async function newVisit(clinic: Clinic, wanted: object = {}, who = clinic.patient) {
  const { status, body } = await book(clinic, who, wanted)
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

/** A failure of this system: one sentence in JSON, and nothing else. */
export function isFailure({ status, body, headers }: Answer, expected: number, sentence = /\w/): void {
  assert.equal(status, expected, JSON.stringify(body))
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  assert.deepEqual(Object.keys(body), ['detail'])
  assert.match(body.detail, sentence)
}
