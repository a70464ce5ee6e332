import { clinic as preset } from '../presets/clinic.ts'
import { live } from './living.ts'
import { doctorLogin, loginOf } from './logins.ts'
import type { Stranger } from './people.ts'
import type { Random } from './random.ts'
import { enrol, hire, type Scene } from './stage.ts'

/** A clinic of ten doctors. It lives on UTC, as the system whose API it speaks does. */
export const clinic: Scene = {
  preset,
  name: 'Northgate Clinic',
  time_zone: 'UTC',
  locale: 'en',
  phones: { prefix: '+1555011', digits: 4 },

  async fill(stage) {
    const { services, random } = stage
    const practices = []
    for (const [index, [specialization, hours]] of doctors.entries()) {
      const about = { bio: `${specialization}.`, details: { specialization }, hours: [hours] }
      practices.push({ provider: await hire(stage, doctorLogin(index + 1), about), services })
    }
    const clients = []
    for (let number = 1; number <= 5; number++) {
      const details = (patient: Stranger) => detailsOf(patient, random)
      clients.push(await enrol(stage, loginOf('client', 'clinic', number), { details }))
    }
    await live(stage, { practices, clients, weeks: 2, behind: 2, ahead: 2 }, () => ({
      details: { reason: random.pick(reasons) },
    }))
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

const reasons = [
  'Annual check-up',
  'Cough for two weeks',
  'Test results',
  'Headaches in the evening',
  'Renewal of a prescription',
  'Pain in the back',
]

function detailsOf({ gender }: Stranger, random: Random) {
  return { age: random.integer(19, 84), gender }
}
