import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { type Answer, startApp, type TestApp } from '../test/app.ts'
import { findBrokenPromises } from '../test/checking.ts'
import { type ClinicReport, writeClinicFiles } from './clinic-files.ts'
import { fillDemo } from './fill.ts'
import type { Scene } from './stage.ts'

const slugs = ['school', 'office', 'clinic', 'veterinary', 'general']
const PASSWORD = 'Punctual-Demo-1'
const afterwards = Temporal.Duration.from({ hours: 24 * 30 })

let app: TestApp
let leftByFirstTry: string[]

before(async () => {
  app = await startApp({ alone: true })
  await fillDemo(app.connection.db, app.now(), cutOffAt('office')).catch((error: Error) => {
    if (error.message !== 'cut off') throw error
  })
  leftByFirstTry = await filled()
  await fillDemo(app.connection.db, app.now())
})
after(() => app.stop())

test('keeps what is whole of a start that was cut off, and makes the rest with the next', async () => {
  assert.deepEqual(leftByFirstTry, ['school'])
  assert.deepEqual(await filled(), slugs)
})

test('changes nothing when it is started again, also on another day', async () => {
  const before = await countRows()
  await fillDemo(app.connection.db, app.now().add(afterwards))
  assert.deepEqual(await countRows(), before)
})

test('lets everybody in who is promised a login, in the role that the address says', async () => {
  const promised = slugs.flatMap((slug) => promisedLogins(slug))
  assert.equal(promised.length, 5 + 12 + 10 + 2 * 5 + 10 + 5 * 5 + 4 + 4)
  const answers = await Promise.all(promised.map(({ slug, email, password }) => logIn(slug, email, password)))
  const got = answers.map(({ status, body }) => [body.user?.email, status, body.user?.roles])
  assert.deepEqual(
    got,
    promised.map(({ email, role }) => [email, 200, [role]]),
  )
})

test('offers free times with every provider in the next two weeks, in every organization', async () => {
  for (const slug of slugs) {
    const token = (await logIn(slug, `client1@${slug}.example`)).body.access_token
    const providers = (await app.get('/providers', { token })).body.items
    assert.equal(providers.length, counts[slug] ?? 5)
    for (const { id, name } of providers) {
      const path = `/slots?provider_id=${id}&from=${app.now()}&to=${app.now().add({ hours: 24 * 14 })}`
      const { items } = (await app.get(path, { token })).body
      assert.ok(items.length >= 5, `${name} of ${slug} has ${items.length} free times`)
    }
  }
})

test('gives the general organization people, places, priced services and weeks of appointments', async () => {
  const token = await adminOf('general')
  const count = async (path: string) => (await app.get(`${path}?limit=200`, { token })).body.items.length
  assert.equal(await count('/clients'), 30)
  assert.equal((await app.get('/locations', { token })).body.items.length, 2)
  const services = (await app.get('/services', { token })).body.items
  assert.ok(services.length >= 5)
  assert.ok(services.every((service: { currency: string }) => service.currency === 'GBP'))

  const weeks = await appointmentsByWeek('general')
  for (const week of [-4, -3, -2, -1, 0, 1, 2, 3]) {
    const count = weeks.get(week) ?? 0
    assert.ok(count >= 10, `week ${week} has ${count}`)
  }
})

test('gives every other organization some appointments behind and ahead', async () => {
  for (const slug of slugs) {
    const weeks = await appointmentsByWeek(slug)
    assert.ok([...weeks].some(([week]) => week < 0) && [...weeks].some(([week]) => week >= 0), slug)
  }
})

test('leaves no past appointment open, and ends no coming one but by cancelling or declining', async () => {
  const { rows } = await sql<{ state: string; is_over: boolean; slug: string }>`
    select distinct o.slug, a.state, a.ends_at <= ${app.now()} as is_over
    from appointments a join organizations o on o.id = a.organization_id
    where not (a.starts_at <= ${app.now()} and a.ends_at > ${app.now()})`.execute(app.connection.db)
  const states = (slug: string, is_over: boolean) =>
    rows
      .filter((row) => row.slug === slug && row.is_over === is_over)
      .map((row) => row.state)
      .toSorted()
  assert.deepEqual(states('general', true), ['cancelled', 'completed', 'no_show'])
  assert.deepEqual(states('general', false), ['cancelled', 'confirmed'])
  for (const slug of slugs) {
    for (const state of states(slug, true)) assert.match(state, /^(cancelled|completed|no_show)$/)
    for (const state of states(slug, false)) assert.match(state, /^(cancelled|confirmed|declined|pending)$/)
  }
})

test('puts nobody in two places at once', async () => {
  const { rows } = await sql`
    with taken as (
      select organization_id, id, session_id, provider_id, client_id, tstzrange(starts_at, ends_at) as stretch,
        tstzrange(starts_at - make_interval(mins => buffer_before_minutes),
          ends_at + make_interval(mins => buffer_after_minutes)) as around
      from appointments where state not in ('cancelled', 'declined'))
    select one.id from taken one join taken other using (organization_id)
    where one.id < other.id and one.session_id <> other.session_id
      and (one.provider_id = other.provider_id and one.around && other.around
        or one.client_id = other.client_id and one.stretch && other.stretch)`.execute(app.connection.db)
  assert.deepEqual(rows, [])
})

test('keeps every coming appointment of the general organization inside the hours of its provider', async () => {
  const token = await adminOf('general')
  const coming = (await app.get(`/appointments?from=${app.now()}&limit=200`, { token })).body.items
  // A published slot is open for itself.
  const confirmed = coming.filter(
    ({ state, slot_id }: { state: string; slot_id: string | null }) => state === 'confirmed' && !slot_id,
  )
  assert.ok(confirmed.length > 60)
  const { items: hours, time_zone } = (await app.get('/hours', { token })).body
  for (const appointment of confirmed) {
    assert.ok(
      isInside(hours, time_zone, appointment),
      `${appointment.provider_name} ${appointment.starts_at}`,
    )
  }
})

test('blocks nobody, and lets those with a login begin without a missed appointment', async () => {
  const { rows } = await sql<{ most: number; blocked: number; of_logins: number }>`
    select max(no_show_count) as most, count(blocked_at) as blocked,
      sum(no_show_count) filter (where exists (
        select from accounts a where a.organization_id = c.organization_id and a.person_id = c.id)) as of_logins
    from clients c`.execute(app.connection.db)
  const { most, ...others } = rows[0]!
  assert.ok(most > 0 && most <= 2)
  assert.deepEqual(others, { blocked: 0, of_logins: 0 })
})

test('tells a history that could have happened: booked before it starts, attended after, nothing in the future', async () => {
  const { rows } = await sql<{ total: number; wrong: number; uneventful: number }>`
    with told as (
      select e.action, e.happened_at, a.starts_at, a.ends_at, e.after ->> 'starts_at' as was_to_start,
        lag(e.happened_at) over (partition by a.organization_id, a.id order by e.happened_at, e.id) as earlier,
        row_number() over (partition by a.organization_id, a.id order by e.happened_at, e.id) as number
      from appointments a left join appointment_events e on e.organization_id = a.organization_id and e.appointment_id = a.id)
    select count(*) as total, count(*) filter (where action is null) as uneventful, count(*) filter (where
      (action = 'booked') <> (number = 1) or happened_at > ${app.now()} or happened_at < earlier
      or action in ('booked', 'confirm', 'cancel', 'reschedule') and happened_at > starts_at - interval '2 hours'
      or action in ('booked', 'reschedule') and happened_at > was_to_start::timestamptz
      or action = 'complete' and happened_at < ends_at or action = 'no_show' and happened_at < starts_at) as wrong
    from told`.execute(app.connection.db)
  const { total, ...others } = rows[0]!
  assert.ok(total > 400)
  assert.deepEqual(others, { wrong: 0, uneventful: 0 })
})

test('has nothing to send about its past when the program starts', async () => {
  const { rows } = await sql`select kind from events where relayed_at is null`.execute(app.connection.db)
  assert.deepEqual(rows, [])
})

test('breaks no promise, also where it was written in a few statements', async () => {
  assert.deepEqual(await findBrokenPromises(app.connection.pool), [])
})

test('gives the clinic a hundred patients, half a year behind and a month ahead, and files that say so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'punctual-clinic-'))
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
  await writeClinicFiles(app.connection.db, folder, app.now())
  const report: ClinicReport = read('report.json')
  const credentials: { email: string; password: string; specialization: string }[] =
    read('credentials_doctors.json')
  const modes = ['report.json', 'credentials_doctors.json'].map(
    (name) => statSync(join(folder, name)).mode & 0o777,
  )
  rmSync(folder, { recursive: true })

  assert.deepEqual(modes, [0o600, 0o600])
  const { doctors, patients, appointments, by_doctor } = report
  assert.equal(doctors, 10)
  assert.ok(patients >= 100 && appointments.total >= 500, JSON.stringify(report))
  assert.equal(Math.round((appointments.past / appointments.total) * 10), 7)
  for (const { name, appointments: count } of by_doctor) assert.ok(count >= 20, `${name} has ${count}`)
  for (const status of ['cancelled', 'completed', 'confirmed', 'no_show', 'scheduled']) {
    assert.ok(appointments.by_status[status]! > 10, `${status}: ${appointments.by_status[status]}`)
  }
  const { specialization, email, password } = credentials[0]!
  assert.deepEqual([specialization, email, password], ['Cardiology', 'doctor1@clinic.com', 'Doctor1Pass'])
  assert.equal(new Set(credentials.map((one) => one.specialization)).size, 10)
  for (const one of credentials) assert.equal((await logIn('clinic', one.email, one.password)).status, 200)

  const { rows } = await sql<{ first: Temporal.Instant; last: Temporal.Instant }>`
    select min(starts_at) as first, max(starts_at) as last from appointments a
    join organizations o on o.id = a.organization_id where o.slug = 'clinic'`.execute(app.connection.db)
  const days = (one: Temporal.Instant, other: Temporal.Instant) => one.until(other).total('days')
  assert.ok(days(rows[0]!.first, app.now()) > 150 && days(rows[0]!.first, app.now()) < 183)
  assert.ok(days(app.now(), rows[0]!.last) > 20 && days(app.now(), rows[0]!.last) < 30)
})

interface Promised {
  slug: string
  email: string
  password: string
  role: string
}

/** Of providers, where there are more than five. */
const counts: Record<string, number> = { school: 12, office: 10, clinic: 10 }

function promisedLogins(slug: string): Promised[] {
  const promised = (role: string, name: string, number: number | '' = '') => ({
    slug,
    email: `${name}${number}@${slug}.example`,
    password: PASSWORD,
    role,
  })
  const numbers = [1, 2, 3, 4, 5]
  const doctors = Array.from({ length: 10 }, (_, index) => index + 1)
  return [
    promised('admin', 'admin'),
    ...numbers.map((number) => promised('client', 'client', number)),
    ...(slug === 'clinic'
      ? doctors.map((number) => doctor(number))
      : Array.from({ length: counts[slug] ?? 5 }, (_, index) => promised('provider', 'provider', index + 1))),
    ...(slug === 'office' || slug === 'veterinary'
      ? [1, 2].flatMap((number) => [
          promised('secretary', 'secretary', number),
          promised('reception', 'reception', number),
        ])
      : []),
  ]
}

function doctor(number: number): Promised {
  const email = `doctor${number}@clinic.com`
  return { slug: 'clinic', email, password: `Doctor${number}Pass`, role: 'provider' }
}

function logIn(slug: string, email: string, password = PASSWORD): Promise<Answer> {
  return app.post('/auth/login', { body: { email, password }, headers: { 'x-organization': slug } })
}

async function adminOf(slug: string): Promise<string> {
  return (await logIn(slug, `admin@${slug}.example`)).body.access_token
}

/** How many appointments start in which week, counted from now. */
async function appointmentsByWeek(slug: string): Promise<Map<number, number>> {
  const { rows } = await sql<{ week: number; count: number }>`
    select floor(extract(epoch from a.starts_at - ${app.now()}::timestamptz) / 604800)::int as week, count(*) as count
    from appointments a join organizations o on o.id = a.organization_id
    where o.slug = ${slug} group by 1`.execute(app.connection.db)
  return new Map(rows.map(({ week, count }) => [week, count]))
}

interface HoursShown {
  provider_id: string
  weekday: number | null
  date: string | null
  opens: string | null
  closes: string | null
}

/** Told from the wall clock alone, without the arithmetic that made it. */
function isInside(
  hours: HoursShown[],
  time_zone: string,
  { provider_id, starts_at, ends_at }: { provider_id: string; starts_at: string; ends_at: string },
): boolean {
  const start = Temporal.Instant.from(starts_at).toZonedDateTimeISO(time_zone)
  const end = Temporal.Instant.from(ends_at).toZonedDateTimeISO(time_zone)
  const date = start.toPlainDate().toString()
  const [from, to] = [start, end].map((moment) => moment.toPlainTime().toString({ smallestUnit: 'minute' }))
  const own = hours.filter((row) => row.provider_id === provider_id)
  const dated = own.filter((row) => row.date === date)
  const isClosed = dated.some((row) => row.opens === null)
  const weekly = isClosed ? [] : own.filter((row) => row.weekday === start.dayOfWeek)
  return [...weekly, ...dated].some((row) => row.opens! <= from! && to! <= row.closes!)
}

async function filled(): Promise<string[]> {
  const { rows } = await sql<{ slug: string }>`select slug from organizations order by id`.execute(
    app.connection.db,
  )
  return rows.map(({ slug }) => slug)
}

async function countRows(): Promise<unknown> {
  const { rows } = await sql`
    select (select count(*) from organizations) as organizations, (select count(*) from people) as people,
      (select count(*) from accounts) as accounts, (select count(*) from hours) as hours,
      (select count(*) from appointments) as appointments, (select count(*) from appointment_events) as histories,
      (select count(*) from events) as events`.execute(app.connection.db)
  return rows
}

/** As if the program were killed while it makes an organization. */
function cutOffAt(slug: string): (scene: Scene) => void {
  return ({ preset }) => {
    if (preset.trade === slug) throw new Error('cut off')
  }
}
