import { veterinary as preset } from '../presets/veterinary.ts'
import { changeNotes } from '../server/appointments/changing.ts'
import { confirm } from '../server/appointments/deciding.ts'
import { setOfferings } from '../server/services/offering.ts'
import { addResource } from '../server/services/resources.ts'
import { changeService, type Service } from '../server/services/services.ts'
import { bookAhead } from './bookings.ts'
import type { Ward, Wards } from './dependents.ts'
import { live } from './living.ts'
import { loginOf } from './logins.ts'
import { keepPets } from './pets.ts'
import type { Practice } from './planning.ts'
import { enrol, hire, type Scene, type Somebody, type Stage, writeDown } from './stage.ts'

/** A practice for animals of every size. */
export const veterinary: Scene = {
  preset,
  name: 'Maple Street Veterinary Practice',
  time_zone: 'America/New_York',
  locale: 'en',
  phones: { prefix: '+1555012', digits: 4 },

  async fill(stage) {
    const { random } = stage
    const services = await equip(stage)
    const practices = await hireVets(stage, services)
    const owners = await findOwners(stage)
    const pets = await keepPets(stage, owners)
    await planSurgery(stage, practices, pets)
    const usual = practices.map((practice) => ({
      ...practice,
      services: practice.services.filter(({ minutes }) => minutes <= 60),
    }))
    await live(stage, { practices: usual, clients: owners, weeks: 2, behind: 3, ahead: 3 }, (visit) => ({
      dependent_id: random.pick(pets.get(visit.client)!).id,
      details: {
        reason: random.pick(reasons[visit.service.name] ?? anyReason),
        priority: random.pick(priorities),
      },
    }))
  },
}

/** What each costs; a vet may take a price and a time of their own. An operation needs the room, cleaned afterwards. */
const terms: Record<string, Parameters<typeof changeService>[3]> = {
  'Routine check-up': { price: 60 },
  Vaccination: { price: 35, buffer_after_minutes: 5 },
  Consultation: { price: 65 },
  Surgery: {
    price: 480,
    buffer_before_minutes: 15,
    buffer_after_minutes: 30,
    resource_kinds: ['operating room'],
  },
  'Dental care': { price: 140, buffer_after_minutes: 10 },
  Grooming: { price: 55 },
}

interface Vet {
  specialties: string
  hours: string[]
  offers: Record<string, { price?: number; minutes?: number }>
}

const vets: Vet[] = [
  {
    specialties: 'Dogs and cats',
    hours: ['Mon-Fri 08:00-12:00 13:00-16:00'],
    offers: {
      'Routine check-up': {},
      Vaccination: {},
      Consultation: {},
      Surgery: { price: 420, minutes: 90 },
    },
  },
  {
    specialties: 'Surgery',
    hours: ['Mon-Thu 09:00-13:00 14:00-17:30'],
    offers: { Consultation: { price: 90 }, Surgery: { price: 560 } },
  },
  {
    specialties: 'Birds and reptiles',
    hours: ['Tue-Fri 10:00-13:00 14:00-18:00'],
    offers: { 'Routine check-up': { price: 70 }, Consultation: { price: 75 } },
  },
  {
    specialties: 'Small mammals',
    hours: ['Mon,Wed,Fri 09:00-12:30 13:30-17:00', 'Sat 09:00-12:00'],
    offers: { 'Routine check-up': {}, Vaccination: { price: 28 }, Consultation: {}, Grooming: {} },
  },
  {
    specialties: 'Teeth',
    hours: ['Tue,Thu 08:30-12:30 13:30-17:30', 'Sat 10:00-13:00'],
    offers: { Consultation: {}, 'Dental care': {} },
  },
]

const priorities = ['low', 'normal', 'normal', 'normal', 'high', 'urgent']

const reasons: Record<string, string[]> = {
  Vaccination: ['Yearly vaccination', 'Second vaccination'],
  'Dental care': ['Tartar', 'A broken tooth'],
  Grooming: ['Summer coat', 'Claws and coat'],
}
const anyReason = ['Limps since yesterday', 'Eats little', 'Yearly check', 'Scratches all the time']
const operations = ['Castration', 'A lump behind the ear', 'Torn ligament']

async function equip({ trx, admin, services, location, founded }: Stage): Promise<Service[]> {
  const room = { kind: 'operating room', name: 'Operating room', location_id: location.id }
  await addResource(trx, admin, room, founded)
  const equipped = []
  for (const { id, name } of services) {
    equipped.push(await changeService(trx, admin, id, { ...terms[name], currency: 'USD' }, founded))
  }
  return equipped
}

async function hireVets(stage: Stage, services: Service[]): Promise<Practice[]> {
  const practices: Practice[] = []
  for (const [index, { specialties, hours, offers }] of vets.entries()) {
    const number = index + 1
    const details = { licence_number: `NY-VET-010${number}`, specialties }
    const about = { bio: `Cares for ${specialties.toLowerCase()}.`, details, hours }
    const provider = await hire(stage, loginOf('provider', 'veterinary', number), about)
    practices.push({ provider, services: services.filter(({ name }) => name in offers) })
  }
  const { trx, admin, founded } = stage
  for (const { id, name } of services) {
    const offerings = vets.flatMap(({ offers }, index) =>
      offers[name] ? [{ provider_id: practices[index]!.provider.id, ...offers[name] }] : [],
    )
    await setOfferings(trx, admin, id, offerings, founded)
  }
  return practices
}

/** Five with a log-in, and those who prefer to call. */
async function findOwners(stage: Stage): Promise<Somebody[]> {
  const owners = []
  for (let number = 1; number <= 5; number++) {
    owners.push(await enrol(stage, loginOf('client', 'veterinary', number)))
  }
  while (owners.length < 8) owners.push(await writeDown(stage))
  return owners
}

/** Some operations in the days to come, with two vets who share the room. */
async function planSurgery(stage: Stage, [first, second]: Practice[], pets: Wards): Promise<void> {
  const owners = [...pets.keys()]
  for (const [index, reason] of operations.entries()) {
    const { provider, services } = index === 0 ? first! : second!
    const client = owners[index + 1]!
    await operate(
      stage,
      { provider, client, service: named(services, 'Surgery') },
      pets.get(client)![0]!,
      reason,
    )
  }
}

async function operate(
  stage: Stage,
  who: { provider: Somebody; client: Somebody; service: Service },
  pet: Ward,
  reason: string,
): Promise<void> {
  const { trx, now } = stage
  const details = { reason, priority: 'high', services_requested: 'Blood test before' }
  const { id } = await bookAhead(stage, { ...who, dependent_id: pet.id, details, from: 2, within: 9 })
  const { actor } = who.provider
  const decided = now.subtract({ minutes: 90 }).round('minute')
  await confirm(trx, actor, id, decided)
  const more = { special_instructions: 'Nothing to eat after midnight', follow_up_required: true }
  await changeNotes(trx, actor, id, { details: { ...details, ...more } }, decided)
}

function named(services: Service[], name: string): Service {
  return services.find((service) => service.name === name)!
}
