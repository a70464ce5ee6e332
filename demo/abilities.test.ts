import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { allPages, type Answer, startApp, type TestApp } from '../test/app.ts'
import { fillDemo } from './fill.ts'
import { PASSWORD } from './logins.ts'

/** Sunday before midnight, when most zones of the demo are in different weeks. */
const SUNDAY = '2027-05-30T22:30:00Z'
const threeWeeks = Temporal.Duration.from({ hours: 24 * 21 })

let app: TestApp
before(async () => {
  app = await startApp()
  app.setClock(SUNDAY)
  await fillDemo(app.connection.db, app.now())
})
after(() => app.stop())

test('gives the school students: siblings, some with two guardians', async () => {
  const students = await listOf('school', '/dependents')
  assert.equal(students.length, 80)
  assert.equal((await listOf('school', '/clients')).length, 60)
  assert.ok(students.every(({ details, birth_date }) => details.class && birth_date))
  const guardians = students.map((student) => student.guardians.map(({ client_id }: Row) => client_id))
  assert.ok(guardians.some((ids) => ids.length === 2))
  const firsts = guardians.map(([first]) => first)
  assert.ok(new Set(firsts).size < firsts.length)
})

test('gives the school twelve teachers of eight subjects', async () => {
  const teachers = await listOf('school', '/providers')
  assert.equal(teachers.length, 12)
  assert.equal(new Set(teachers.map(({ details }) => details.subject)).size, 8)
})

test("holds parents' evenings, one behind and one ahead, half of whose times are taken", async () => {
  const evening = await service('school', "Parents' evening")
  assert.equal(evening.minutes, 10)
  for (const [when, state] of [
    [`to=${SUNDAY}`, 'completed'],
    [`from=${SUNDAY}`, 'confirmed'],
  ]) {
    const slots = await listOf('school', `/published-slots?service_id=${evening.id}&${when}`)
    assert.equal(slots.length, 12 * 15)
    const booked = await listOf('school', `/appointments?service_id=${evening.id}&${when}`)
    assert.equal(booked.length, slots.length / 2)
    assert.ok(booked.every((one) => one.dependent_id && one.state === state))
    const pairs = booked.map(({ provider_id, dependent_id }) => `${provider_id} ${dependent_id}`)
    assert.equal(new Set(pairs).size, pairs.length)
  }
})

test("lets a parent still book on the parents' evening, for each of the children", async () => {
  const token = await logIn('school', 'client1')
  const evening = await service('school', "Parents' evening")
  const { body: children } = await app.get('/dependents', { token })
  assert.equal(children.items.length, 2)
  const free = await freeTimes('school', `service_id=${evening.id}`, token)
  const wanted = { dependent_id: children.items[0].id, details: { meeting_mode: 'face_to_face' } }
  const answers = []
  for (const { slot_id } of free.filter((slot) => slot.slot_id)) {
    answers.push(await app.post('/appointments', { token, body: { slot_id, ...wanted } }))
    if (answers.at(-1)!.status === 201) break
  }
  assert.equal(answers.at(-1)!.status, 201)
})

test('gives the authority four offices with hosts, a desk and citizens, and visits in all states', async () => {
  assert.equal((await listOf('office', '/locations')).length, 4)
  assert.equal((await listOf('office', '/providers')).length, 10)
  assert.equal((await listOf('office', '/clients')).length, 80)
  for (const role of ['secretary', 'reception']) {
    assert.equal((await listOf('office', `/users?role=${role}`)).length, 2, role)
  }
  const visits = await listOf('office', '/appointments?')
  const [now, week] = [Temporal.Instant.from(SUNDAY), 7 * 24]
  const weeks = visits.map(({ starts_at }) =>
    Math.floor(Temporal.Instant.from(starts_at).since(now).total('hours') / week),
  )
  assert.deepEqual(
    [...new Set(weeks)].toSorted((one, other) => one - other),
    [-3, -2, -1, 0, 1, 2],
  )
  const states = new Set(visits.map(({ state, pending_reason }) => pending_reason ?? state))
  const wanted = [
    'cancelled',
    'completed',
    'confirmed',
    'declined',
    'moved_by_provider',
    'no_show',
    'pending',
  ]
  assert.deepEqual([...states].toSorted(), wanted)
})

test('gives the authority rooms in two of its offices, and services that need them', async () => {
  const rooms = (await app.get('/resources', { token: await admin('office') })).body.items
  assert.equal(new Set(rooms.map(({ location_id }: Row) => location_id)).size, 2)
  const hearing = await service('office', 'Hearing')
  assert.deepEqual(hearing.resource_kinds, ['meeting room'])
  const { items } = (await app.get(`/services/${hearing.id}/providers`, { token: await admin('office') }))
    .body
  assert.equal(items.length, 3)
})

test('gives the clinic one ultrasound, never booked by two doctors at once', async () => {
  const { id } = await service('clinic', 'Ultrasound scan')
  const booked = await listOf('clinic', `/appointments?service_id=${id}`)
  assert.equal(booked.length, 6)
  const { items } = (await app.get(`/services/${id}/providers`, { token: await admin('clinic') })).body
  assert.deepEqual(items.map(({ price }: Row) => price).toSorted(), [110, null, null])
})

test('sends a doctor away for some days, closes the clinic for one, and offers nothing then', async () => {
  const off = await listOf('clinic', '/time-off')
  assert.deepEqual(off.map(({ provider_id }) => provider_id !== null).toSorted(), [false, true])
  for (const { provider_id, starts_at, ends_at } of off) {
    const of = provider_id ? `&provider_id=${provider_id}` : ''
    const token = await admin('clinic')
    const path = `/slots?from=${starts_at}&to=${ends_at}${of}`
    assert.deepEqual((await app.get(path, { token })).body.items, [])
    const { body } = await app.get(`/appointments?from=${starts_at}&to=${ends_at}${of}`, { token })
    assert.deepEqual(
      body.items.filter(({ state }: Row) => state !== 'cancelled'),
      [],
    )
  }
})

test('gives the veterinary practice pets, of which the staff knows more than the owner', async () => {
  const pets = await listOf('veterinary', '/dependents')
  const captain = pets.find(({ name }) => name === 'Captain')
  assert.match(captain!.details.medical_notes, /Bites/)
  assert.ok(pets.every(({ details }) => details.species && details.weight && details.microchip_id))
  const token = await logIn('veterinary', 'client2')
  const [own] = (await app.get('/dependents', { token })).body.items
  assert.equal(own.name, 'Captain')
  assert.equal(own.details.medical_notes, undefined)
})

test('gives the practice two clinics whose vets offer half hours for four weeks, mostly free', async () => {
  assert.equal((await listOf('veterinary', '/locations')).length, 2)
  const pets = await listOf('veterinary', '/dependents')
  for (const number of [1, 2, 3, 4, 5]) {
    const token = await logIn('veterinary', `client${number}`)
    const { id } = (await app.get('/auth/me', { token })).body
    assert.ok(pets.some(({ guardians }) => guardians.some(({ client_id }: Row) => client_id === id)))
  }
  assert.equal(new Set(pets.map(({ name }) => name)).size, pets.length)
  const slots = await listOf('veterinary', `/published-slots?from=${SUNDAY}`)
  const byVet = Map.groupBy(slots, ({ provider_id }) => provider_id)
  assert.equal(byVet.size, 5)
  for (const own of byVet.values()) {
    assert.ok(own.every((one) => minutesBetween(one.starts_at, one.ends_at) === 30 && one.capacity === 1))
    assert.ok(own.filter(({ seats_left }) => seats_left === 1).length > 200)
    assert.ok(own.at(-1)!.starts_at > '2027-06-24')
  }
})

test('plans operations in the one operating room, at the price and length of the vet', async () => {
  const surgery = await service('veterinary', 'Surgery')
  assert.deepEqual(surgery.resource_kinds, ['operating room'])
  const booked = await listOf('veterinary', `/appointments?service_id=${surgery.id}`)
  const terms = booked.map(({ price, starts_at, ends_at }) => [price, minutesBetween(starts_at, ends_at)])
  assert.deepEqual(
    terms.toSorted(([one], [other]) => one! - other!),
    [
      [420, 90],
      [560, 120],
      [560, 120],
    ],
  )
})

test('gives classes with seats, one of them full', async () => {
  const { id } = await service('general', 'Group Pilates')
  const token = await admin('general')
  const slots = await listOf('general', `/published-slots?service_id=${id}&from=${SUNDAY}`)
  assert.ok(slots.length >= 4)
  assert.ok(slots.every(({ capacity }) => capacity === 8))
  assert.equal(slots[0]!.seats_left, 0)
  assert.ok(slots.some(({ seats_left }) => seats_left > 0 && seats_left < 8))
  const { items } = (await app.get(`/slots?service_id=${id}&from=${SUNDAY}&to=${later()}`, { token })).body
  assert.ok(items.every(({ slot_id }: Row) => slot_id !== slots[0]!.id))
})

test('keeps a weekly series, with the day left out on which the trainer is away', async () => {
  const inSeries = (await listOf('general', `/appointments?from=${SUNDAY}`)).filter(
    ({ series_id }) => series_id,
  )
  assert.equal(inSeries.length, 5)
  const at = inSeries.map(({ starts_at }) =>
    Temporal.Instant.from(starts_at).toZonedDateTimeISO('Europe/London').toPlainTime().toString(),
  )
  assert.deepEqual([...new Set(at)], ['07:00:00'])
})

// oxlint-disable-next-line typescript/no-explicit-any
type Row = Record<string, any>

async function logIn(slug: string, who: string): Promise<string> {
  const body = { email: `${who}@${slug}.example`, password: PASSWORD }
  return (await app.post('/auth/login', { body, headers: { 'x-organization': slug } })).body.access_token
}

function admin(slug: string): Promise<string> {
  return logIn(slug, 'admin')
}

async function listOf(slug: string, path: string): Promise<Row[]> {
  return allPages<Row>(app, `${path}${path.includes('?') ? '&' : '?'}limit=200`, await admin(slug))
}

async function service(slug: string, wanted: string): Promise<Row> {
  return (await listOf(slug, '/services')).find(({ name }) => name === wanted)!
}

async function freeTimes(slug: string, of: string, token: string): Promise<Row[]> {
  const answer: Answer = await app.get(`/slots?${of}&from=${SUNDAY}&to=${later()}`, { token })
  assert.equal(answer.status, 200, slug)
  return answer.body.items
}

function later(): string {
  return app.now().add(threeWeeks).toString()
}

function minutesBetween(one: string, other: string): number {
  return (Date.parse(other) - Date.parse(one)) / 60_000
}
