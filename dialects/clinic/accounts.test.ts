import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import {
  formWith,
  newClient,
  newOrganization,
  newPersonWithPassword,
  PASSWORD,
  type Person,
} from '../../test/cast.ts'
import { type Clinic, clinicApi, isFailure, newClinic, newVisit, TUESDAY } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let count = 0
const newcomer = (content: object = {}) => {
  const number = ++count
  const [email, phone] = [`somebody${number}@example.com`, `+4416329${10_000 + number}`]
  return { name: 'Somebody', email, phone, password: PASSWORD, ...content }
}
const signUp = ({ api }: Pick<Clinic, 'api'>, content: object = {}) =>
  api.post('/auth/patient/signup', undefined, newcomer(content))

describe('a patient who signs up', () => {
  it('is logged in at once, and shown with their profile and without a password', async () => {
    const clinic = await newClinic(app)
    const { api } = clinic
    const { status, body } = await signUp(clinic, {
      name: 'Ada King',
      phone: '+44 1632 96-0001',
      age: 36,
      gender: 'female',
    })
    assert.equal(status, 201)
    const { access_token, refresh_token, token_type, user, ...rest } = body
    assert.deepEqual([rest, token_type], [{}, 'bearer'])
    const { _id, email, ...shown } = user
    assert.deepEqual(shown, {
      role: 'patient',
      name: 'Ada King',
      phone: '+441632960001',
      photoUrl: null,
      createdAt: '2027-03-01T08:00:00Z',
      patientProfile: { age: 36, gender: 'female', notes: null },
    })
    const me = await api.ask('GET', '/users/me', { token: access_token })
    assert.deepEqual([me.status, me.body], [200, user])
    const renewed = await api.post('/auth/refresh', undefined, { refresh_token })
    assert.equal(renewed.status, 200)
  })

  it('may send a photo along, which is served where it is said', async () => {
    const clinic = await newClinic(app)
    const photo = `data:image/png;base64,${PNG.toString('base64')}`
    const { status, body } = await signUp(clinic, { photo })
    assert.equal(status, 201)
    const token = body.access_token
    const shown = await app.get(`/${body.user.photoUrl}`, { token })
    assert.deepEqual([shown.status, shown.headers.get('content-type')], [200, 'image/webp'])
    isFailure(await signUp(clinic, { photo: 'http://example.com/me.png' }), 422, /^photo must be: a picture/)
    const broken = newcomer({ photo: `data:image/png;base64,${btoa('not a picture')}` })
    isFailure(await clinic.api.post('/auth/patient/signup', undefined, broken), 400)
    const again = await clinic.api.post('/auth/patient/signup', undefined, { ...broken, photo: null })
    assert.equal(again.status, 201)
  })

  it('has an address and a phone that nobody else has', async () => {
    const clinic = await newClinic(app)
    const known = newcomer()
    assert.equal((await signUp(clinic, known)).status, 201)
    isFailure(await signUp(clinic, { email: known.email.toUpperCase() }), 409, /e-mail/)
    isFailure(await signUp(clinic, { phone: known.phone.replace('+44', '+44 ') }), 409, /phone/)
    assert.equal((await signUp(await newClinic(app), known)).status, 201)
  })

  it('is told which field is wrong', async () => {
    const clinic = await newClinic(app)
    for (const [wrong, sentence] of [
      [{ name: ' ' }, /^name/],
      [{ email: 'nobody' }, /^email must be an e-mail address/],
      [{ phone: '12' }, /^phone must be \+ and 8 to 15 digits/],
      [{ phone: '-' }, /^phone is missing/],
      [{ password: 'short12' }, /^password/],
      [{ password: 'x'.repeat(101) }, /^password/],
      [{ age: 151 }, /^age/],
      [{ age: -1 }, /^age/],
      [{ gender: 'unknown' }, /^gender must be one of male, female, other/],
    ] as const) {
      isFailure(await signUp(clinic, wrong), 422, sentence)
    }
  })
})

describe('logging in', () => {
  it('has a door for patients and one for doctors, and one for whoever it is', async () => {
    const { api, stage } = await newClinic(app)
    const enter = (door: string, { email }: Person, password = PASSWORD) =>
      api.post(`/auth${door}/login`, undefined, { email, password })
    const people = {
      patient: await newPersonWithPassword(app, stage.organization, ['client']),
      doctor: await newPersonWithPassword(app, stage.organization, ['provider']),
      admin: await newPersonWithPassword(app, stage.organization, ['admin']),
    }
    for (const [role, person] of Object.entries(people)) {
      for (const door of ['patient', 'doctor']) {
        const answer = await enter(`/${door}`, person)
        if (door !== role) isFailure(answer, 403, new RegExp(`every ${door} logs in`))
        else assert.deepEqual([answer.status, answer.body.user.role], [200, role])
      }
      const { status, body } = await enter('', person)
      assert.deepEqual([status, body.user._id, body.user.role], [200, person.id, role])
      isFailure(await enter('/patient', person, 'Wrong-Horse-9'), 401)
      isFailure(await enter('/doctor', person, 'Wrong-Horse-9'), 401)
    }
    isFailure(await enter('/patient', { ...people.patient, email: 'nobody@example.com' }), 401)
  })

  it('lasts for thirty minutes, and for seven days with refresh tokens, each of which is good once', async () => {
    const clinic = await newClinic(app)
    const { api } = clinic
    const { access_token, refresh_token } = (await signUp(clinic)).body
    const refresh = (token: string) => api.post('/auth/refresh', undefined, { refresh_token: token })
    isFailure(await refresh(access_token), 401)
    isFailure(await refresh('made-up'), 401)
    try {
      app.pass({ minutes: 30 })
      isFailure(await api.ask('GET', '/users/me', { token: access_token }), 401)
      isFailure(await api.ask('GET', '/users/me', { token: refresh_token }), 401)
      const { status, body } = await refresh(refresh_token)
      assert.deepEqual([status, Object.keys(body)], [200, ['access_token', 'refresh_token', 'token_type']])
      assert.equal((await api.ask('GET', '/users/me', { token: body.access_token })).status, 200)
      app.pass({ hours: 24 * 7 })
      isFailure(await refresh(body.refresh_token), 401)
    } finally {
      app.setClock('2027-03-01T08:00:00Z')
    }
  })

  it('is refreshed at a clinic alone, whatever other system the token is of', async () => {
    const { api } = await newClinic(app)
    const other = await newOrganization(app, { trade: 'general' })
    const { email } = await newPersonWithPassword(app, other.organization, ['client'])
    const headers = { 'x-organization': other.organization.slug }
    const { refresh_token } = (
      await app.post('/auth/login', { headers, body: { email, password: PASSWORD } })
    ).body
    isFailure(await api.post('/auth/refresh', undefined, { refresh_token }), 401)
    assert.equal((await app.post('/auth/refresh', { body: { refresh_token } })).status, 200)
  })
})

describe('a doctor', () => {
  const doctorProfile = {
    specialization: 'Cardiology',
    slotDurationMin: 30,
    weeklySchedule: [
      { weekday: 4, start: '14:00', end: '17:00' },
      { weekday: 0, start: '09:00:00', end: '12:00' },
    ],
    explicitSlots: [`${TUESDAY}T18:10:00Z`],
  }
  const register = (clinic: Clinic, who: Person | undefined, content: object = {}) =>
    clinic.api.post('/auth/register', who, newcomer({ role: 'doctor', doctorProfile, ...content }))

  it('is made by an administrator, with what they are good at and when they are there', async () => {
    const clinic = await newClinic(app)
    const { status, body } = await register(clinic, clinic.admin, { email: 'doc@example.com' })
    assert.equal(status, 201, JSON.stringify(body))
    assert.equal(body.role, 'doctor')
    assert.deepEqual(body.doctorProfile, {
      specialization: 'Cardiology',
      slotDurationMin: 30,
      weeklySchedule: [
        { weekday: 0, start: '09:00', end: '12:00' },
        { weekday: 4, start: '14:00', end: '17:00' },
      ],
      explicitSlots: [`${TUESDAY}T18:10:00Z`],
    })
    const login = { email: 'doc@example.com', password: PASSWORD }
    const { user } = (await clinic.api.post('/auth/doctor/login', undefined, login)).body
    assert.deepEqual(user, body)
  })

  it('is made by nobody else', async () => {
    const clinic = await newClinic(app)
    for (const who of [undefined, clinic.patient, clinic.doctor]) {
      isFailure(await register(clinic, who), 403)
      isFailure(await register(clinic, who, { role: 'admin' }), 403)
      const { status, body } = await register(clinic, who, { role: undefined, age: 30 })
      assert.deepEqual([status, body.role, body.patientProfile.age], [201, 'patient', 30])
    }
    const { body } = await register(clinic, clinic.admin, { role: 'patient', age: 31 })
    assert.deepEqual([body.role, body.patientProfile.age], ['patient', 31])
  })

  it('is made whole or not at all', async () => {
    const clinic = await newClinic(app)
    const before = (await clinic.api.get('/users/doctors')).body.length
    for (const [wrong, sentence] of [
      [undefined, /^doctorProfile is missing/],
      [{ ...doctorProfile, slotDurationMin: 45 }, /slotDurationMin must be 30/],
      [{ ...doctorProfile, weeklySchedule: [{ weekday: 7, start: '09:00', end: '12:00' }] }, /weekday/],
      [{ ...doctorProfile, weeklySchedule: [{ weekday: 0, start: '09:00', end: '09:00' }] }, /end|start/],
      [{ ...doctorProfile, explicitSlots: ['2027-02-30T10:00:00Z'] }, /explicitSlots.0/],
      [{ ...doctorProfile, explicitSlots: ['2027-02-01T10:00:00Z'] }, /explicitSlots.0/],
    ] as const) {
      isFailure(await register(clinic, clinic.admin, { doctorProfile: wrong }), 422, sentence)
    }
    assert.equal((await clinic.api.get('/users/doctors')).body.length, before)
  })

  it('is shown to everybody, without address and phone', async () => {
    const clinic = await newClinic(app)
    await register(clinic, clinic.admin, { name: 'Zoe Heart' })
    for (const who of [undefined, clinic.patient]) {
      const { status, body } = await clinic.api.get('/users/doctors', who)
      assert.deepEqual([status, body.length], [200, 2])
      const zoe = body.find(({ name }: { name: string }) => name === 'Zoe Heart')
      assert.deepEqual(Object.keys(zoe), ['_id', 'role', 'name', 'photoUrl', 'doctorProfile'])
      assert.deepEqual(zoe.doctorProfile.explicitSlots, doctorProfile.explicitSlots)
    }
  })
})

describe('one’s own data', () => {
  it('are changed by a patient as far as they are said, and taken away by null', async () => {
    const { api, patient } = await newClinic(app)
    const first = { name: 'Ada', phone: '+441632960001', age: 36, gender: 'female', notes: 'Asthma' }
    const { status, body } = await api.patch('/users/me', patient, first)
    assert.deepEqual([status, body.name, body.phone], [200, 'Ada', first.phone])
    assert.deepEqual(body.patientProfile, { age: 36, gender: 'female', notes: 'Asthma' })
    const then = await api.patch('/users/me', patient, { age: 37, notes: null })
    assert.deepEqual(then.body.patientProfile, { age: 37, gender: 'female', notes: null })
    assert.deepEqual([then.body.name, then.body.phone], ['Ada', first.phone])
    assert.deepEqual((await api.get('/users/me', patient)).body, then.body)
  })

  it('need something to change, and a phone that nobody else has', async () => {
    const { api, stage, patient } = await newClinic(app)
    isFailure(await api.patch('/users/me', patient, {}), 400, /nothing to change/)
    isFailure(await api.patch('/users/me', patient, { email: 'new@example.com' }), 400)
    const phone = '+441632960001'
    assert.equal((await api.patch('/users/me', patient, { phone })).status, 200)
    isFailure(await api.patch('/users/me', await newClient(app, stage), { phone }), 409, /phone/)
    isFailure(await api.patch('/users/me', patient, { phone: 'none' }), 422, /^phone/)
    isFailure(await api.patch('/users/me', patient, { age: 200 }), 422, /^age/)
    isFailure(await api.patch('/users/me', undefined, {}), 401)
  })

  it('are of a doctor the phone and the photo', async () => {
    const { api, doctor } = await newClinic(app)
    const { status, body } = await api.patch('/users/me', doctor, { phone: '+441632960001' })
    assert.deepEqual([status, body.phone, body.name], [200, '+441632960001', doctor.name])
    for (const content of [{ name: 'Other' }, { age: 40, phone: '+441632960002' }, { notes: 'Tired' }]) {
      isFailure(await api.patch('/users/me', doctor, content), 403)
    }
  })
})

describe('a photo', () => {
  const send = ({ api }: Clinic, { token }: Person, ...file: Parameters<typeof formWith>) =>
    api.ask('POST', '/users/me/photo', { token, body: formWith(...file) })

  it('of a doctor is served to everybody, and of a patient to themself and their doctors', async () => {
    const clinic = await newClinic(app)
    const { api, stage, doctor, patient, admin } = clinic
    const urls: Record<string, string> = {}
    for (const [name, person] of Object.entries({ doctor, patient })) {
      const { status, body } = await send(clinic, person, PNG, 'me.png', 'image/png')
      assert.deepEqual([status, Object.keys(body)], [200, ['message', 'photoUrl']])
      assert.equal((await api.get('/users/me', person)).body.photoUrl, body.photoUrl)
      urls[name] = body.photoUrl
    }
    const look = async (name: string, person?: Person) =>
      (
        await app.get(`/${urls[name]}`, {
          token: person?.token,
          headers: { 'x-organization': stage.organization.slug },
        })
      ).status
    assert.equal((await api.get('/users/doctors')).body[0].photoUrl, urls.doctor)
    assert.equal(await look('doctor'), 200)
    assert.deepEqual([await look('patient'), await look('patient', doctor)], [401, 404])
    await newVisit(clinic)
    for (const who of [patient, doctor, admin]) assert.equal(await look('patient', who), 200)
    assert.equal(await look('patient', await newClient(app, stage)), 404)
  })

  it('is a picture, and not too large', async () => {
    const clinic = await newClinic(app)
    const { patient } = clinic
    isFailure(await send(clinic, patient, Buffer.from('%PDF-1.7'), 'me.png', 'image/png'), 400, /photo/)
    isFailure(await send(clinic, patient, Buffer.from('<svg xmlns="…"/>'), 'me.svg', 'image/svg+xml'), 400)
    isFailure(await send(clinic, patient, PNG.subarray(0, 40), 'me.png', 'image/png'), 400)
    isFailure(await send(clinic, patient, Buffer.alloc(6 * 1024 * 1024), 'me.png', 'image/png'), 413)
    const form = new FormData()
    form.set('file', 'text')
    isFailure(
      await clinic.api.ask('POST', '/users/me/photo', { token: patient.token, body: form }),
      422,
      /^file/,
    )
    isFailure(await clinic.api.post('/users/me/photo', undefined), 401)
    assert.equal((await clinic.api.get('/users/me', patient)).body.photoUrl, null)
  })
})

describe('the clinic’s system', () => {
  it('says what time it has, in UTC', async () => {
    const { status, body } = await clinicApi(app, await newOrganization(app, { trade: 'clinic' })).get(
      '/time/now',
    )
    assert.deepEqual([status, body], [200, { server_utc: '2027-03-01T08:00:00Z' }])
  })
})
