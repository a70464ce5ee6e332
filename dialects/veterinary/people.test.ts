import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newLocation, newPerson, PASSWORD } from '../../test/cast.ts'
import {
  book,
  isFailure,
  newMember,
  newOwner,
  newPractice,
  newVisit,
  type Practice,
} from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

let people = 0
const someone = (content: object = {}) => ({
  email: `someone${++people}@example.com`,
  password: PASSWORD,
  full_name: 'Some One',
  ...content,
})

describe('an account', () => {
  it('is made by an owner, who logs in with it and is shown', async () => {
    const { api } = await newPractice(app)
    const body = someone({ phone: '+44 1632 960001' })
    const { status, body: made } = await api.post('/auth/register', undefined, body)
    assert.equal(status, 201)
    const { id, role, phone } = made.data
    assert.deepEqual([made.success, made.version, role, phone], [true, 'v1', 'pet_owner', '+441632960001'])
    const { email, password } = body as Record<string, string>
    const entered = (await api.post('/auth/login/', undefined, { email, password })).body.data
    assert.deepEqual([entered.user.id, entered.token_type, entered.expires_in], [id, 'bearer', 1800])
    const me = await api.ask('GET', '/auth/me', { token: entered.access_token })
    assert.deepEqual(me.body.data, made.data)
    isFailure(await api.post('/auth/register', undefined, body), 409)
    isFailure(await api.post('/auth/login', undefined, { email, password: 'something else' }), 401)
    isFailure(await api.get('/auth/me'), 401)
  })

  it('with any other role is made by an administrator, who says where they work', async () => {
    const practice = await newPractice(app)
    const { api, admin, owner, clinic } = practice
    for (const role of ['veterinarian', 'receptionist', 'clinic_manager', 'admin']) {
      isFailure(await api.post('/auth/register', undefined, someone({ role })), 403)
      isFailure(await api.post('/auth/register', owner, someone({ role })), 403)
      const made = await api.post('/auth/register', admin, someone({ role }))
      assert.deepEqual([made.status, made.body.data.role], [201, role])
    }
    isFailure(await api.post('/auth/register', undefined, someone({ clinic_id: clinic.id })), 403)
    const desk = someone({ role: 'receptionist', clinic_id: clinic.id }) as Record<string, string>
    await api.post('/auth/register', admin, desk)
    const { access_token: token } = (await api.post('/auth/login', undefined, desk)).body.data
    const { id } = await newVisit(practice)
    assert.equal((await api.ask('POST', `/appointments/${id}/confirm`, { token })).status, 200)
  })

  it('says of each field what is wrong with it', async () => {
    const { api } = await newPractice(app)
    const answer = await api.post('/auth/register', undefined, {
      email: 'me',
      password: 'short',
      role: 'cat',
    })
    isFailure(answer, 422)
    const fields = answer.body.error.details.map(({ field }: { field: string }) => field)
    assert.deepEqual(fields.toSorted(), ['email', 'password', 'role'])
  })
})

describe('a clinic', () => {
  const told = { name: 'North', type: 'hospital', address: '1 High Street', phone: '+441632960001' }

  it('is added, changed and removed by an administrator, and seen by whoever has logged in', async () => {
    const practice = await newPractice(app)
    const { api, admin, owner, manager } = practice
    const { status, body } = await api.post('/clinics', admin, told)
    assert.equal(status, 201)
    const { id, created_at, ...shown } = body.data
    assert.deepEqual(shown, { ...told, description: null, is_active: true, updated_at: created_at })
    assert.deepEqual((await api.get(`/clinics/${id}`, owner)).body.data, body.data)
    const changed = await api.put(`/clinics/${id}`, admin, { type: null, phone: '' })
    assert.deepEqual(changed.body.data, { ...body.data, type: null, phone: null })
    for (const who of [owner, manager]) isFailure(await api.post('/clinics', who, { name: 'South' }), 403)
    isFailure(await api.get('/clinics'), 401)
    isFailure(await api.post('/clinics', admin, { name: 'NORTH' }), 409)
    assert.equal((await api.delete(`/clinics/${id}`, admin)).body.data.id, id)
    isFailure(await api.get(`/clinics/${id}`, owner), 404, /no clinic/)
  })

  it('stays while somebody works there', async () => {
    const { api, admin, clinic } = await newPractice(app)
    isFailure(await api.delete(`/clinics/${clinic.id}`, admin), 409, /3 people still work/)
  })

  it('comes in pages, by name', async () => {
    const { api, admin, owner } = await newPractice(app)
    for (const name of ['Zoo', 'Yard']) await api.post('/clinics', admin, { name })
    const { clinics, ...page } = (await api.get('/clinics?page=2&per_page=3', owner)).body.data
    assert.deepEqual([clinics[0].name, page], ['Zoo', { total: 4, page: 2, per_page: 3, total_pages: 2 }])
  })
})

describe('a veterinarian', () => {
  const week = [
    {
      day_of_week: 'monday',
      start_time: '09:00:00',
      end_time: '17:00:00',
      break_start: '12:00:00',
      break_end: '13:00:00',
    },
    {
      day_of_week: 'saturday',
      start_time: '10:00:00',
      end_time: '12:00:00',
      break_start: null,
      break_end: null,
    },
  ]

  async function arrange() {
    const practice = await newPractice(app)
    const { api, admin, clinic } = practice
    const body = someone({ role: 'veterinarian', full_name: 'Vera Vet' })
    const { id } = (await api.post('/auth/register', admin, body)).body.data
    const told = {
      licence_number: 'L-1',
      specialties: ['Dogs', 'Cats'],
      bio: 'Kind',
      default_duration: 45,
      availability: week,
    }
    const made = await api.post('/veterinarians', admin, { user_id: id, clinic_id: clinic.id, ...told })
    return { ...practice, id, told, made }
  }

  it('is made of a user with that role, with a clinic, a licence and a week', async () => {
    const { api, owner, clinic, id, told, made } = await arrange()
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.deepEqual(made.body.data, {
      id,
      user_id: id,
      clinic_id: clinic.id,
      full_name: 'Vera Vet',
      ...told,
      is_active: true,
    })
    assert.deepEqual((await api.get(`/veterinarians/${id}`, owner)).body.data, made.body.data)
    isFailure(await api.get(`/veterinarians/${id}`), 401)
  })

  it('takes no bookings before that, and then as long as is usual with them', async () => {
    const practice = await newPractice(app)
    const { api, admin, clinic } = practice
    const { id } = (await api.post('/auth/register', admin, someone({ role: 'veterinarian' }))).body.data
    isFailure(await api.get(`/veterinarians/${id}`, admin), 404, /no veterinarian/)
    const body = { user_id: id, clinic_id: clinic.id, licence_number: 'L-2', default_duration: 45 }
    assert.equal((await api.post('/veterinarians', admin, body)).status, 201)
    isFailure(await api.post('/veterinarians', admin, body), 409, /already/)
    assert.equal((await newVisit({ ...practice, vet: { ...admin, id } })).duration_minutes, 45)
  })

  it('has a licence that nobody else has', async () => {
    const { api, admin, vet, id } = await arrange()
    isFailure(
      await api.put(`/veterinarians/${vet.id}`, admin, { licence_number: 'l-1' }),
      409,
      /Licence number/,
    )
    assert.equal((await api.put(`/veterinarians/${id}`, admin, { licence_number: 'L-1' })).status, 200)
  })

  it('is changed by an administrator and by themself, who stays at their clinic', async () => {
    const { api, stage, admin, vet, owner, receptionist } = await arrange()
    const path = `/veterinarians/${vet.id}`
    const own = await api.put(path, vet, { bio: 'Patient', availability: [week[1]] })
    assert.deepEqual([own.status, own.body.data.bio, own.body.data.availability], [200, 'Patient', [week[1]]])
    const branch = await newLocation(app, stage)
    isFailure(await api.put(path, vet, { clinic_id: branch.id }), 403)
    for (const who of [owner, receptionist, await newMember(app, stage, branch, 'provider')]) {
      isFailure(await api.put(path, who, { bio: 'Unkind' }), 403)
    }
    const moved = (await api.put(path, admin, { clinic_id: branch.id, bio: null })).body.data
    assert.deepEqual([moved.clinic_id, moved.bio, moved.availability], [branch.id, null, [week[1]]])
    const backwards = [{ day_of_week: 'monday', start_time: '17:00', end_time: '09:00' }]
    isFailure(await api.put(path, vet, { availability: backwards }), 422, /availability.0.end_time/)
  })

  it('is found by clinic and by what they know, page by page', async () => {
    const { api, owner, clinic, vet, id } = await arrange()
    const list = async (query: string) => (await api.get(`/veterinarians?${query}`, owner)).body.data
    const all = await list(`clinic_id=${clinic.id}`)
    assert.deepEqual(
      all.veterinarians.map((one: { id: string }) => one.id).toSorted(),
      [vet.id, id].toSorted(),
    )
    assert.deepEqual([all.total, all.page, all.per_page, all.total_pages], [2, 1, 10, 1])
    const [dogs] = (await list('specialty=dogs')).veterinarians
    assert.equal(dogs.id, id)
    assert.equal((await list('per_page=1&page=2')).veterinarians.length, 1)
  })

  it('leaves once nothing is to come', async () => {
    const practice = await newPractice(app)
    const { api, admin, vet, owner } = practice
    const { id } = await newVisit(practice)
    isFailure(await api.delete(`/veterinarians/${vet.id}`, admin), 409, /to come/)
    await api.post(`/appointments/${id}/cancel`, owner)
    isFailure(await api.delete(`/veterinarians/${vet.id}`, vet), 403)
    assert.equal((await api.delete(`/veterinarians/${vet.id}`, admin)).status, 200)
    isFailure(await api.get(`/veterinarians/${vet.id}`, owner), 404)
  })

  it('is made by an administrator, of nobody who has not the role', async () => {
    const { api, admin, owner, manager, clinic } = await newPractice(app)
    const body = { user_id: owner.id, clinic_id: clinic.id, licence_number: 'L-9' }
    isFailure(await api.post('/veterinarians', manager, body), 403)
    isFailure(await api.post('/veterinarians', admin, body), 422, /user_id must be a user with the role/)
  })
})

describe('a pet', () => {
  const told = {
    name: 'Mochi',
    species: 'cat',
    breed: 'Siamese',
    gender: 'female',
    size: 'small',
    weight: 3.9,
    birth_date: '2024-05-01',
    microchip_id: '900000000012345',
  }

  it('is written down and changed by its owner, and by the staff, who know more of it', async () => {
    const practice = await newPractice(app)
    const { api, owner, vet } = practice
    const { status, body } = await api.post('/pets', owner, { ...told, gender: 'female' })
    assert.equal(status, 201)
    const { id, created_at } = body.data
    const shown = { ...told, owner_id: owner.id, medical_notes: null, is_active: true }
    assert.deepEqual(body.data, { id, created_at, ...shown })
    const changed = await api.put(`/pets/${id}`, vet, { medical_notes: 'Bites', weight: 4.1, breed: null })
    assert.deepEqual(changed.body.data, { ...body.data, medical_notes: 'Bites', weight: 4.1, breed: null })
    assert.equal((await api.get(`/pets/${id}`, owner)).body.data.medical_notes, null)
    isFailure(await api.put(`/pets/${id}`, owner, { medical_notes: 'Does not' }), 422, /medical_notes/)
    const { species, ...without } = told
    isFailure(await api.post('/pets', owner, without), 422, /species is missing/)
  })

  it('is nobody else’s business', async () => {
    const practice = await newPractice(app)
    const { api, stage, owner, pet } = practice
    const stranger = await newOwner(app, stage)
    isFailure(await api.get(`/pets/${pet.id}`, stranger.owner), 404, /no pet/)
    isFailure(await api.put(`/pets/${pet.id}`, stranger.owner, { name: 'Mine' }), 404)
    isFailure(await api.delete(`/pets/${pet.id}`, stranger.owner), 404)
    isFailure(await api.post('/pets', stranger.owner, { ...told, owner_id: owner.id }), 403)
    isFailure(await api.get('/pets'), 401)
    const list = async (who: Practice['owner'], query = '') =>
      (await api.get(`/pets?${query}`, who)).body.data
    assert.deepEqual(
      (await list(owner)).pets.map(({ id }: { id: string }) => id),
      [pet.id],
    )
    assert.equal((await list(owner, `owner_id=${stranger.owner.id}`)).total, 0)
    for (const who of ['vet', 'receptionist', 'manager', 'admin'] as const) {
      assert.equal((await list(practice[who])).total, 2, who)
    }
    const [theirs] = (await list(practice.vet, `owner_id=${stranger.owner.id}`)).pets
    assert.deepEqual([theirs.id, theirs.owner_id], [stranger.pet.id, stranger.owner.id])
  })

  it('is written down by the staff for its owner, who has to be said', async () => {
    const { api, owner, vet, receptionist } = await newPractice(app)
    for (const who of [vet, receptionist]) {
      const made = await api.post('/pets', who, { ...told, owner_id: owner.id, medical_notes: 'Old' })
      assert.deepEqual(
        [made.status, made.body.data.owner_id, made.body.data.medical_notes],
        [201, owner.id, 'Old'],
      )
      isFailure(await api.post('/pets', who, told), 422, /^owner_id is missing/)
    }
  })

  it('that is deleted takes no appointments any more, and keeps its history', async () => {
    const practice = await newPractice(app)
    const { api, owner, pet } = practice
    assert.equal((await api.delete(`/pets/${pet.id}`, owner)).body.data.id, pet.id)
    assert.equal((await api.get(`/pets/${pet.id}`, owner)).body.data.is_active, false)
    assert.equal((await api.get('/pets', owner)).body.data.total, 0)
    assert.equal((await api.get('/pets?include_inactive=true', owner)).body.data.total, 1)
    isFailure(await book(practice), 422, /pet_id is not active any more/)
  })
})

it('is no business of somebody who works nowhere', async () => {
  const practice = await newPractice(app)
  const { id } = await newVisit(practice)
  const desk = await newPerson(app, practice.stage.organization, ['reception'])
  isFailure(await practice.api.get(`/appointments/${id}`, desk), 404)
})
