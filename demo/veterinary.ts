import { veterinary as preset } from '../presets/veterinary.ts'
import { changeNotes } from '../server/appointments/changing.ts'
import { confirm } from '../server/appointments/deciding.ts'
import { addLocation, type Location } from '../server/organizations/locations.ts'
import { setOfferings } from '../server/services/offering.ts'
import { addResource } from '../server/services/resources.ts'
import { changeService, type Service } from '../server/services/services.ts'
import { publishPattern } from '../server/slots/pattern.ts'
import { bookAhead } from './bookings.ts'
import type { Ward, Wards } from './dependents.ts'
import { live } from './living.ts'
import { loginOf } from './logins.ts'
import { keepPets } from './pets.ts'
import type { Practice } from './planning.ts'
import { assign, employ, enrol, hire, type Scene, type Somebody, type Stage, writeDown } from './stage.ts'

/** A practice for animals of every size. */
export const veterinary: Scene = {
  preset,
  name: 'Maple Street Veterinary Practice',
  time_zone: 'America/New_York',
  locale: 'en',
  phones: { prefix: '+1555012', digits: 4 },

  async fill(stage) {
    const { random } = stage
    const clinics = await openClinics(stage)
    const services = await equip(stage, clinics)
    const practices = await hireVets(stage, services, clinics)
    await staffDesks(stage, clinics)
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
    await offerSlots(stage, practices)
  },
}

/** What each costs; a vet may take a price and a time of their own. An operation needs the room. */
const terms: Record<string, Parameters<typeof changeService>[3]> = {
  'Routine check-up': { price: 60 },
  Vaccination: { price: 35 },
  Consultation: { price: 65 },
  Surgery: { price: 480, resource_kinds: ['operating room'] },
  'Dental care': { price: 140 },
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

/** The one on Maple Street, and a smaller one by the river. */
async function openClinics({ trx, admin, location, founded }: Stage): Promise<[Location, Location]> {
  const river = { name: 'River Road Animal Clinic', type: 'branch', address: '48 River Road' }
  return [location, await addLocation(trx, admin, river, founded)]
}

async function equip({ trx, admin, services, founded }: Stage, clinics: Location[]): Promise<Service[]> {
  for (const { id: location_id, name } of clinics) {
    const room = { kind: 'operating room', name: `Operating room, ${name}`, location_id }
    await addResource(trx, admin, room, founded)
  }
  const equipped = []
  for (const { id, name } of services) {
    equipped.push(await changeService(trx, admin, id, { ...terms[name], currency: 'USD' }, founded))
  }
  return equipped
}

async function hireVets(
  stage: Stage,
  services: Service[],
  [street, river]: [Location, Location],
): Promise<Practice[]> {
  const practices: Practice[] = []
  for (const [index, { specialties, hours, offers }] of vets.entries()) {
    const number = index + 1
    const details = { licence_number: `NY-VET-010${number}`, specialties }
    const about = { bio: `Cares for ${specialties.toLowerCase()}.`, details, hours }
    const provider = await hire(stage, loginOf('provider', 'veterinary', number), about)
    const clinic = number <= AT_MAPLE_STREET ? street : river
    await assign(stage, provider, clinic, 'veterinarian')
    const usual = services.filter(({ name }) => name in offers)
    practices.push({ provider, services: usual, location_id: clinic.id })
  }
  const { trx, admin, founded } = stage
  for (const { id, name } of services) {
    const offerings = vets.map(({ offers }, index) => ({
      provider_id: practices[index]!.provider.id,
      ...offers[name],
    }))
    // Any vet may be asked for anything; where nobody has terms of their own there is nothing to say.
    const isSpecial = vets.some(({ offers }) => Object.keys(offers[name] ?? {}).length > 0)
    if (isSpecial) await setOfferings(trx, admin, id, offerings, founded)
  }
  return practices
}

const AT_MAPLE_STREET = 3

/** Each clinic has a manager and somebody at the desk. */
async function staffDesks(stage: Stage, clinics: Location[]): Promise<void> {
  for (const [index, clinic] of clinics.entries()) {
    await employ(stage, loginOf('secretary', 'veterinary', index + 1), 'secretary', clinic)
    await employ(stage, loginOf('reception', 'veterinary', index + 1), 'reception', clinic)
  }
}

/** Half hours on the working days of four weeks, around what is booked already. */
async function offerSlots({ trx, organization, now }: Stage, practices: Practice[]): Promise<void> {
  const today = now.toZonedDateTimeISO(organization.time_zone).toPlainDate()
  for (const { provider, location_id } of practices) {
    const pattern = {
      provider_id: provider.id,
      location_id,
      from: `${today}`,
      to: `${today.add({ days: 27 })}`,
      weekdays: [1, 2, 3, 4, 5],
      opens: '09:00',
      closes: '17:00',
      lunch: { opens: '12:00', closes: '13:00' },
      slot_minutes: 30,
    }
    await publishPattern(trx, provider.actor, pattern, now)
  }
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
