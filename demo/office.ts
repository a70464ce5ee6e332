import { office as preset } from '../presets/office.ts'
import { addLocation, changeLocation, type Location } from '../server/organizations/locations.ts'
import { setOfferings } from '../server/services/offering.ts'
import { addResource } from '../server/services/resources.ts'
import { addService, type Service } from '../server/services/services.ts'
import { live } from './living.ts'
import { loginOf } from './logins.ts'
import type { Practice } from './planning.ts'
import { assign, employ, enrol, hire, type Scene, type Somebody, type Stage } from './stage.ts'

/** An authority with two offices, where hosts decide on what citizens ask for. */
export const office: Scene = {
  preset,
  name: 'Civic Services',
  time_zone: 'Europe/Istanbul',
  locale: 'tr',
  phones: { prefix: '+1555010', digits: 4 },

  async fill(stage) {
    const { random } = stage
    const offices = await openOffices(stage)
    const services = await offerServices(stage)
    const practices = await hireHosts(stage, offices, services)
    await sayWhoOffers(stage, practices, services)
    await employ(stage, loginOf('secretary', 'office', 1), 'secretary', offices[0]!)
    await employ(stage, loginOf('reception', 'office', 1), 'reception', offices[0]!)
    const clients: Somebody[] = []
    for (const [index, locale] of ['tr', 'tr', 'en', 'de', 'tr'].entries()) {
      clients.push(await enrol(stage, loginOf('client', 'office', index + 1), { locale }))
    }
    await live(stage, { practices, clients, weeks: 2, behind: 3, ahead: 3 }, ({ service }) => ({
      details: { purpose: random.pick(purposes[service.name] ?? anyPurpose) },
    }))
  },
}

/** What takes longer than a visit, and a room of its own. */
const further = [
  { name: 'Hearing', minutes: 30, resource_kinds: ['meeting room'] },
  {
    name: 'Registration of a marriage',
    minutes: 45,
    buffer_after_minutes: 15,
    resource_kinds: ['ceremony room'],
  },
]

/** Rooms of the first office and of the second. */
const rooms = [
  { office: 0, kind: 'meeting room', name: 'Room 12' },
  { office: 0, kind: 'meeting room', name: 'Room 14' },
  { office: 0, kind: 'ceremony room', name: 'Harbour Room' },
  { office: 1, kind: 'meeting room', name: 'Room 3' },
]

const hosts = [
  {
    office: 0,
    bio: 'Residence and registration.',
    offers: ['Visit', 'Hearing'],
    hours: ['Mon-Fri 09:00-12:00 13:00-16:30'],
  },
  { office: 0, bio: 'Passports and identity cards.', offers: ['Visit'], hours: ['Mon-Thu 08:30-12:30'] },
  {
    office: 0,
    bio: 'Births, marriages and deaths.',
    offers: ['Visit', 'Registration of a marriage'],
    hours: ['Tue,Thu 13:00-17:00', 'Fri 09:00-12:00'],
  },
  {
    office: 1,
    bio: 'Trade licences.',
    offers: ['Visit', 'Hearing'],
    hours: ['Mon-Wed 09:00-12:30 13:30-16:00'],
  },
  {
    office: 1,
    bio: 'Building permits.',
    offers: ['Visit', 'Hearing'],
    hours: ['Mon,Wed,Fri 10:00-12:30 13:30-17:00'],
  },
]

const purposes: Record<string, string[]> = {
  Hearing: ['Complaint of a neighbour', 'Building permit', 'Trade licence'],
  'Registration of a marriage': ['Marriage in spring'],
}
const anyPurpose = [
  'Change of address',
  'New passport',
  'Birth certificate',
  'Trade licence',
  'Building permit',
]

async function openOffices({ trx, admin, location, founded }: Stage): Promise<Location[]> {
  const first = {
    name: 'Harbour Square Office',
    address: '1 Harbour Square, Istanbul',
    phone: '+15550109998',
  }
  const second = { name: 'Garden Gate Office', address: '24 Garden Gate, Istanbul', phone: '+15550109999' }
  const offices = [
    await changeLocation(trx, admin, location.id, first, founded),
    await addLocation(trx, admin, second, founded),
  ]
  for (const { office, ...room } of rooms) {
    await addResource(trx, admin, { ...room, location_id: offices[office]!.id }, founded)
  }
  return offices
}

async function offerServices({ trx, admin, services, founded }: Stage): Promise<Service[]> {
  const all = [...services]
  for (const content of further) all.push(await addService(trx, admin, content, founded))
  return all
}

async function hireHosts(stage: Stage, offices: Location[], services: Service[]): Promise<Practice[]> {
  const practices = []
  for (const [index, { office, offers, ...about }] of hosts.entries()) {
    const provider = await hire(stage, loginOf('provider', 'office', index + 1), about)
    const location = offices[office]!
    await assign(stage, provider, location, 'host')
    const own = services.filter(({ name }) => offers.includes(name))
    practices.push({ provider, services: own, location_id: location.id })
  }
  return practices
}

async function sayWhoOffers({ trx, admin, founded }: Stage, practices: Practice[], services: Service[]) {
  for (const service of services) {
    const who = practices.filter((practice) => practice.services.includes(service))
    if (who.length === practices.length) continue
    const offerings = who.map(({ provider }) => ({ provider_id: provider.id }))
    await setOfferings(trx, admin, service.id, offerings, founded)
  }
}
