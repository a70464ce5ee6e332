import { general as preset } from '../presets/general.ts'
import { replaceDate } from '../server/hours/hours.ts'
import { addLocation, changeLocation, type Location } from '../server/organizations/locations.ts'
import { setOfferings } from '../server/services/offering.ts'
import { addService, type Service, type ServiceContent } from '../server/services/services.ts'
import { giveClasses, trainWeekly } from './classes.ts'
import { dateOf } from './dates.ts'
import { windowOf } from './hours.ts'
import { live } from './living.ts'
import { loginOf } from './logins.ts'
import type { Practice } from './planning.ts'
import { assign, enrol, hire, type Scene, type Somebody, type Stage, writeDown } from './stage.ts'

/** A studio for everything that does a body good, in two places: five people, thirty clients, weeks of appointments. */
export const general: Scene = {
  preset,
  name: 'Harbour Lane Studio',
  time_zone: 'Europe/London',
  locale: 'en',
  phones: { prefix: '+44207946', digits: 4 },

  async fill(stage) {
    const locations = await openLocations(stage)
    const services = await offerServices(stage)
    const practices = await hireTeam(stage, locations, services)
    const clients = await findClients(stage)
    await setDates(
      stage,
      practices.map(({ provider }) => provider),
    )
    const trainer = practices[2]!
    await giveClasses(stage, trainer, services.get('Group Pilates')!, clients)
    await trainWeekly(stage, trainer, services.get('Personal training')!, clients[3]!)
    const usual = practices.map((practice) => ({
      ...practice,
      services: practice.services.filter(({ name }) => name !== 'Group Pilates'),
    }))
    await live(stage, { practices: usual, clients, weeks: 4, behind: 34, ahead: 22 }, ({ service }) => ({
      notes: stage.random.chance(0.3) ? stage.random.pick(notes[service.name] ?? anyNotes) : undefined,
    }))
  },
}

const offered = [
  { name: 'First consultation', minutes: 30, price: 0, description: 'What hurts, and what can be done.' },
  { name: 'Physiotherapy', minutes: 45, price: 58, buffer_after_minutes: 15 },
  { name: 'Sports massage', minutes: 60, price: 65, buffer_after_minutes: 15 },
  { name: 'Deep tissue massage', minutes: 90, price: 89, buffer_before_minutes: 5, buffer_after_minutes: 15 },
  { name: 'Personal training', minutes: 60, price: 48, buffer_after_minutes: 5 },
  { name: 'Nutrition advice', minutes: 45, price: 52 },
  { name: 'Online follow-up', minutes: 20, price: 24.5 },
  {
    name: 'Group Pilates',
    minutes: 60,
    price: 12,
    description: 'Up to eight at once; mats are there.',
    rules: { published_slots_only: true },
  },
] satisfies ServiceContent[]

interface Member {
  bio: string
  at: string[]
  offers: string[]
  /** Where they take another time or price than the studio says. */
  own?: Record<string, { minutes?: number; price?: number }>
  hours: string[]
}

const team: Member[] = [
  {
    bio: 'Physiotherapist. Knees, backs and patience.',
    at: ['Harbour Lane'],
    offers: ['First consultation', 'Physiotherapy', 'Online follow-up'],
    hours: ['Mon-Thu 09:00-12:30 13:15-17:30', 'Fri 09:00-13:00'],
  },
  {
    bio: 'Massage therapist, formerly with a rowing club.',
    at: ['Harbour Lane'],
    offers: ['Sports massage', 'Deep tissue massage'],
    hours: ['Mon,Wed,Fri 10:00-13:30 14:30-19:00', 'Thu 12:00-15:00 16:00-20:00'],
  },
  {
    bio: 'Personal trainer. Early mornings are the best.',
    at: ['Mill Street'],
    offers: ['First consultation', 'Personal training', 'Group Pilates'],
    hours: ['Mon-Fri 06:30-11:30 12:30-15:00'],
  },
  {
    bio: 'Dietitian; no forbidden foods.',
    at: ['Mill Street'],
    offers: ['Nutrition advice', 'Online follow-up'],
    hours: ['Tue-Thu 08:30-12:00 13:00-16:30', 'Sat 09:30-12:30'],
  },
  {
    bio: 'Physiotherapist and trainer, at home in both houses.',
    at: ['Mill Street', 'Harbour Lane'],
    offers: ['Physiotherapy', 'Sports massage', 'Personal training'],
    own: { Physiotherapy: { minutes: 50, price: 66 } },
    hours: ['Mon-Wed 11:00-14:30 15:30-20:00', 'Fri 08:00-12:00 13:00-17:00'],
  },
]

const notes: Record<string, string[]> = {
  Physiotherapy: ['Left knee, since the half marathon', 'Prescription is in the bag', 'Second of six'],
  'Sports massage': ['Shoulders, please', 'Race on Sunday'],
  'Personal training': ['No jumping this time', 'Brings own mat'],
}
const anyNotes = ['Comes by bicycle and may be wet', 'First time here', 'Please ring twice']

async function openLocations({ trx, admin, location, founded }: Stage): Promise<Map<string, Location>> {
  const harbour = {
    name: 'Harbour Lane',
    address: '12 Harbour Lane, London',
    description: 'The house with the blue door. Step-free.',
    phone: '+442079460998',
  }
  const mill = {
    name: 'Mill Street',
    address: '3 Mill Street, London',
    description: 'On the first floor, above the bakery.',
    phone: '+442079460999',
  }
  const open = [
    await changeLocation(trx, admin, location.id, harbour, founded),
    await addLocation(trx, admin, mill, founded),
  ]
  return new Map(open.map((one) => [one.name, one]))
}

async function offerServices({ trx, admin, founded }: Stage): Promise<Map<string, Service>> {
  const services = new Map<string, Service>()
  for (const content of offered) {
    services.set(content.name, await addService(trx, admin, { currency: 'GBP', ...content }, founded))
  }
  return services
}

async function hireTeam(
  stage: Stage,
  locations: Map<string, Location>,
  services: Map<string, Service>,
): Promise<Practice[]> {
  const practices = []
  for (const [index, { at, offers, own: _, ...about }] of team.entries()) {
    const provider = await hire(stage, loginOf('provider', 'general', index + 1), about)
    for (const name of at) await assign(stage, provider, locations.get(name)!, 'provider')
    practices.push({
      provider,
      services: offers.map((name) => services.get(name)!),
      location_id: locations.get(at[0]!)!.id,
    })
  }
  await sayWhoOffers(stage, practices, services)
  return practices
}

async function sayWhoOffers(
  { trx, admin, founded }: Stage,
  practices: Practice[],
  services: Map<string, Service>,
): Promise<void> {
  for (const [name, { id }] of services) {
    const offerings = team.flatMap(({ offers, own }, index) =>
      offers.includes(name) ? [{ provider_id: practices[index]!.provider.id, ...own?.[name] }] : [],
    )
    await setOfferings(trx, admin, id, offerings, founded)
  }
}

/** Five with a log-in, and those who prefer to call. */
async function findClients(stage: Stage): Promise<Somebody[]> {
  const clients = []
  for (const [index, locale] of ['en', 'en', 'de', 'en', 'tr'].entries()) {
    clients.push(await enrol(stage, loginOf('client', 'general', index + 1), { locale }))
  }
  while (clients.length < 30) clients.push(await writeDown(stage))
  return clients
}

/** Hours of single dates, which here are added to those of the week; a date without hours is closed. */
async function setDates(stage: Stage, providers: Somebody[]): Promise<void> {
  const { trx, admin, founded } = stage
  const on = async (number: number, date: string, ...windows: string[]) => {
    const owner = { provider_id: providers[number - 1]!.id }
    await replaceDate(trx, admin, owner, { date, windows: windows.map(windowOf) }, founded)
  }
  await on(1, dateOf(stage, 1, 'Sat'), '10:00-14:00')
  await on(2, dateOf(stage, -1, 'Sat'), '09:00-12:00')
  await on(2, dateOf(stage, 2, 'Sat'), '09:00-12:00', '13:00-15:00')
  await on(3, dateOf(stage, 2, 'Wed'))
  await on(4, dateOf(stage, 1, 'Thu'), '17:30-19:30')
  await on(5, dateOf(stage, -2, 'Mon'))
}
