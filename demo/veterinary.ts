import { veterinary as preset } from '../presets/veterinary.ts'
import { live } from './living.ts'
import { loginOf } from './logins.ts'
import { enrol, hire, type Scene } from './stage.ts'

/** A practice for animals of every size. */
export const veterinary: Scene = {
  preset,
  name: 'Maple Street Veterinary Practice',
  time_zone: 'America/New_York',
  locale: 'en',
  phones: { prefix: '+1555012', digits: 4 },

  async fill(stage) {
    const { services, random } = stage
    const practices = []
    for (const [index, { specialties, hours }] of vets.entries()) {
      const number = index + 1
      const details = { licence_number: `NY-VET-010${number}`, specialties }
      const about = { bio: `Cares for ${specialties.toLowerCase()}.`, details, hours }
      const provider = await hire(stage, loginOf('provider', 'veterinary', number), about)
      practices.push({ provider, services: services.filter(({ minutes }) => minutes <= 60) })
    }
    const clients = []
    for (let number = 1; number <= 5; number++) {
      clients.push(await enrol(stage, loginOf('client', 'veterinary', number)))
    }
    await live(stage, { practices, clients, weeks: 2, behind: 3, ahead: 3 }, ({ service }) => ({
      details: { reason: random.pick(reasons[service.name] ?? anyReason), priority: random.pick(priorities) },
    }))
  },
}

const vets = [
  { specialties: 'Dogs and cats', hours: ['Mon-Fri 08:00-12:00 13:00-16:00'] },
  { specialties: 'Surgery', hours: ['Mon-Thu 09:00-13:00 14:00-17:30'] },
  { specialties: 'Birds and reptiles', hours: ['Tue-Fri 10:00-13:00 14:00-18:00'] },
  { specialties: 'Small mammals', hours: ['Mon,Wed,Fri 09:00-12:30 13:30-17:00', 'Sat 09:00-12:00'] },
  { specialties: 'Teeth', hours: ['Tue,Thu 08:30-12:30 13:30-17:30', 'Sat 10:00-13:00'] },
]

const priorities = ['low', 'normal', 'normal', 'normal', 'high', 'urgent']

const reasons: Record<string, string[]> = {
  Vaccination: ['Yearly vaccination', 'Second vaccination of a kitten'],
  'Dental care': ['Tartar', 'A broken tooth'],
  Grooming: ['Summer coat', 'Claws and coat'],
}
const anyReason = ['Limps since yesterday', 'Eats little', 'Yearly check', 'Scratches all the time']
