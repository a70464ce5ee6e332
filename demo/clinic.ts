import { clinic as preset } from '../presets/clinic.ts'
import { takeTimeOff } from '../server/hours/time-off.ts'
import { setOfferings } from '../server/services/offering.ts'
import { addResource } from '../server/services/resources.ts'
import { addService, type Service } from '../server/services/services.ts'
import { bookAhead } from './bookings.ts'
import { chronicle } from './chronicle.ts'
import { dateOf, momentOf } from './dates.ts'
import { live } from './living.ts'
import { doctorLogin, loginOf } from './logins.ts'
import { writeDownMany } from './many.ts'
import type { Stranger } from './people.ts'
import type { Random } from './random.ts'
import { enrol, hire, type Scene, type Somebody, type Stage } from './stage.ts'

/**
 * A clinic of ten doctors and a hundred patients, with half a year behind it and a month ahead. It lives on UTC, as the
 * system whose API it speaks does.
 */
export const clinic: Scene = {
  preset,
  name: 'Northgate Clinic',
  time_zone: 'UTC',
  locale: 'en',
  phones: { prefix: '+1555011', digits: 4 },
  weeks: 30,

  async fill(stage) {
    const { services, random } = stage
    const hired: Somebody[] = []
    for (const [index, [specialization, hours]] of doctors.entries()) {
      const about = { bio: `${specialization}.`, details: { specialization }, hours: [hours] }
      hired.push(await hire(stage, doctorLogin(index + 1), about))
    }
    const details = (patient: Stranger) => detailsOf(patient, random)
    const clients: Somebody[] = []
    for (let number = 1; number <= 5; number++) {
      clients.push(await enrol(stage, loginOf('client', 'clinic', number), { details }))
    }
    clients.push(...(await writeDownMany(stage, 115, details)))
    await close(stage, hired)
    const ultrasound = await equip(stage, hired)
    for (const [index, number] of sonographers.entries()) {
      await scan(stage, { provider: hired[number - 1]!, service: ultrasound, client: clients[index]! })
    }
    const practices = hired.map((provider) => ({ provider, services }))
    const wish = () => ({ details: { reason: random.pick(reasons) } })
    await live(stage, { practices, clients, weeks: 2, behind: 2, ahead: 2 }, wish)
    // With those of above: seven of ten behind.
    await chronicle(stage, { practices, clients, weeks: 25, weeks_ahead: 4, behind: 34, ahead: 13 }, wish)
  },
}

const morning = 'Mon-Fri 09:00-12:00'
const afternoon = 'Mon-Fri 14:00-17:00'
const allDay = 'Mon-Fri 09:00-17:00'

const doctors = [
  ['Cardiology', morning],
  ['Dermatology', afternoon],
  ['Paediatrics', allDay],
  ['Orthopaedics', morning],
  ['Neurology', afternoon],
  ['Ophthalmology', allDay],
  ['General practice', allDay],
  ['Gynaecology', morning],
  ['Psychiatry', afternoon],
  ['Ear, nose and throat', allDay],
] as const

/** The doctors who can work with the ultrasound: cardiology, general practice, gynaecology. */
const sonographers = [1, 7, 8]

const reasons = [
  'Annual check-up',
  'Cough for two weeks',
  'Test results',
  'Headaches in the evening',
  'Renewal of a prescription',
  'Pain in the back',
]

const devices = [
  { kind: 'ultrasound', name: 'Ultrasound' },
  { kind: 'examination room', name: 'Examination room 1' },
  { kind: 'examination room', name: 'Examination room 2' },
]

function detailsOf({ gender }: Stranger, random: Random) {
  return { age: random.integer(1, 94), gender: random.chance(0.04) ? 'other' : gender }
}

/** One doctor is away for some days, and on one day nobody is there. */
async function close(stage: Stage, hired: Somebody[]): Promise<void> {
  const { trx, admin, location, now } = stage
  const told = now.subtract({ hours: 20 * 24 })
  const from = (date: string) => momentOf(stage, date, '00:00')
  const dermatologist = hired[1]!
  await takeTimeOff(
    trx,
    dermatologist.actor,
    {
      provider_id: dermatologist.id,
      starts_at: from(dateOf(stage, 1, 'Wed')),
      ends_at: from(dateOf(stage, 1, 'Sat')),
      reason: 'Congress in Vienna',
    },
    told,
  )
  const closure = { starts_at: from(dateOf(stage, 2, 'Fri')), ends_at: from(dateOf(stage, 2, 'Sat')) }
  await takeTimeOff(trx, admin, { location_id: location.id, ...closure, reason: 'Work on the heating' }, told)
}

/** There is one ultrasound, so whoever has it has the only one; with it a room is needed, of which there are two. */
async function equip({ trx, admin, location, founded }: Stage, hired: Somebody[]): Promise<Service> {
  for (const device of devices) {
    await addResource(trx, admin, { ...device, location_id: location.id }, founded)
  }
  const content = {
    name: 'Ultrasound scan',
    minutes: 30,
    buffer_after_minutes: 10,
    price: 85,
    currency: 'EUR',
    resource_kinds: ['ultrasound', 'examination room'],
  }
  const ultrasound = await addService(trx, admin, content, founded)
  const [cardiologist, ...others] = sonographers.map((number) => hired[number - 1]!.id)
  const offerings = [
    { provider_id: cardiologist!, price: 110 },
    ...others.map((provider_id) => ({ provider_id })),
  ]
  await setOfferings(trx, admin, ultrasound.id, offerings, founded)
  return ultrasound
}

async function scan(stage: Stage, who: { provider: Somebody; service: Service; client: Somebody }) {
  const details = { reason: 'Ultrasound, as agreed last time' }
  for (const from of [1, 4]) await bookAhead(stage, { ...who, from, within: 4, details })
}
