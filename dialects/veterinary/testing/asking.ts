import assert from 'node:assert/strict'
import type { Location } from '../../../server/organizations/locations.ts'
import { addDependent } from '../../../server/people/dependents.ts'
import type { Role } from '../../../server/permissions.ts'
import type { Answer, Asking, TestApp } from '../../../test/app.ts'
import {
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  type Person,
  type Stage,
  visiting,
  worksAt,
} from '../../../test/cast.ts'

/** Asks the veterinary dialect; a path is one below its own base. */
export interface VeterinaryApi {
  ask(method: string, path: string, asking?: Asking): Promise<Answer>
  get(path: string, person?: Person): Promise<Answer>
  post(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
  put(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
  delete(path: string, person: Person | undefined): Promise<Answer>
}

/** As somebody of a practice, or as its visitor where nobody is named. */
export function veterinaryApi(app: TestApp, { organization }: Pick<Stage, 'organization'>): VeterinaryApi {
  const ask = (method: string, path: string, { headers, ...asking }: Asking = {}) =>
    app.request(method, `//veterinary/api/v1${path}`, {
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
    delete: asked('DELETE'),
  }
}

/** The day after the one on which the clock of a test stands. */
export const TUESDAY = '2027-03-02'
export const TEN = `${TUESDAY}T10:00:00Z`

/** A practice with a clinic, who works there, and an owner with a pet. The vet has no week and no slots. */
export async function newPractice(
  app: TestApp,
  options?: Omit<Parameters<typeof newOrganization>[1], 'trade'>,
) {
  const stage = await newOrganization(app, { ...options, trade: 'veterinary' })
  const clinic = await newLocation(app, stage)
  const owner = await newClient(app, stage)
  return {
    stage,
    admin: stage.admin,
    api: veterinaryApi(app, stage),
    clinic,
    vet: await newMember(app, stage, clinic, 'provider'),
    manager: await newMember(app, stage, clinic, 'secretary'),
    receptionist: await newMember(app, stage, clinic, 'reception'),
    owner,
    pet: await newPet(app, stage, owner),
  }
}

export type Practice = Awaited<ReturnType<typeof newPractice>>

/** Somebody new who works at a clinic. */
export async function newMember(
  app: TestApp,
  stage: Stage,
  clinic: Pick<Location, 'id'>,
  role: Role,
): Promise<Person> {
  const person = await newPerson(app, stage.organization, [role])
  await worksAt(app, stage, person, clinic)
  return person
}

let pets = 0

/** A dog of somebody's. */
export function newPet(app: TestApp, { organization, admin }: Stage, owner: Person) {
  const by = {
    organization_id: organization.id,
    person_id: admin.id,
    session_id: '',
    roles: ['admin' as const],
    location_ids: [],
  }
  const wanted = { name: `Rex the ${++pets}th`, client_id: owner.id, details: { species: 'dog' } }
  return addDependent(app.connection.db, by, wanted, app.now())
}

/** Somebody new with a pet of their own. */
export async function newOwner(app: TestApp, stage: Stage) {
  const owner = await newClient(app, stage)
  return { owner, pet: await newPet(app, stage, owner) }
}

/** What books a check-up: on Tuesday at ten, unless something else is wanted. */
export function visitOf(
  { pet, owner, vet, clinic }: Record<'pet' | 'owner' | 'vet' | 'clinic', { id: string }>,
  wanted: object = {},
) {
  return {
    pet_id: pet.id,
    pet_owner_id: owner.id,
    veterinarian_id: vet.id,
    clinic_id: clinic.id,
    appointment_type: 'routine_checkup',
    scheduled_at: TEN,
    reason: 'Limps since yesterday',
    ...wanted,
  }
}

/** Books as the owner; the answer is the test's to judge. */
export function book(practice: Practice, wanted: object = {}, by = practice.owner) {
  return practice.api.post('/appointments', by, visitOf(practice, wanted))
}

/** A check-up that is booked and waits to be confirmed. */
export async function newVisit(practice: Practice, wanted: object = {}) {
  const answer = await book(practice, wanted)
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body.data
}

/** Slots of half an hour on Tuesday from nine to eleven, unless something else is wanted. */
export async function newSlots({ api, admin, vet, clinic }: Practice, wanted: object = {}) {
  const answer = await api.post('/appointments/slots/create', admin, {
    veterinarian_id: vet.id,
    clinic_id: clinic.id,
    start_date: TUESDAY,
    end_date: TUESDAY,
    end_time: '11:00',
    ...wanted,
  })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body.data.created_slots
}

/** A failure of this system: in its envelope, with a sentence. */
export function isFailure({ status, body, headers }: Answer, expected: number, sentence = /\w/): void {
  assert.equal(status, expected, JSON.stringify(body))
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  assert.deepEqual(Object.keys(body), ['success', 'error', 'timestamp'])
  assert.deepEqual(Object.keys(body.error), ['code', 'message', 'details', 'request_id'])
  assert.equal(body.success, false)
  assert.match(body.error.message, sentence)
}
