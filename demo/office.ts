import { office as preset } from '../presets/office.ts'
import { addLocation, changeLocation, type Location } from '../server/organizations/locations.ts'
import { setOfferings } from '../server/services/offering.ts'
import { addResource } from '../server/services/resources.ts'
import { addService, type Service } from '../server/services/services.ts'
import { decline } from '../server/appointments/deciding.ts'
import { listAppointments } from '../server/appointments/list.ts'
import { postpone } from '../server/appointments/rescheduling.ts'
import { replaceWeek } from '../server/hours/hours.ts'
import { findFreeSlots } from '../server/slots/free.ts'
import { week } from './hours.ts'
import { live } from './living.ts'
import { loginOf } from './logins.ts'
import type { Practice } from './planning.ts'
import { assign, employ, enrol, hire, type Scene, type Somebody, type Stage, writeDown } from './stage.ts'

/** An authority with four offices, where hosts decide on what citizens ask for. */
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
    for (const number of [1, 2]) {
      await employ(stage, loginOf('secretary', 'office', number), 'secretary', offices[number - 1]!)
      await employ(stage, loginOf('reception', 'office', number), 'reception', offices[number - 1]!)
    }
    const citizens = await findCitizens(stage)
    const wishOf = ({ service }: { service: Service }) => ({
      details: { purpose: random.pick(purposes[service.name] ?? anyPurpose) },
    })
    await live(stage, { practices, clients: citizens, weeks: 3, behind: 8, ahead: 0 }, wishOf)
    // The first two have nothing to come, so that whoever tries them out can book.
    await live(stage, { practices, clients: citizens.slice(2), weeks: 3, behind: 0, ahead: 5 }, wishOf)
    await decideSome(stage)
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

const places = [
  { name: 'Harbour Square Office', address: '1 Harbour Square, Istanbul', phone: '+15550109996' },
  { name: 'Garden Gate Office', address: '24 Garden Gate, Istanbul', phone: '+15550109997' },
  { name: 'Old Bridge Office', address: '7 Old Bridge Road, Istanbul', phone: '+15550109998' },
  { name: 'Hilltop Office', address: '112 Hilltop Avenue, Istanbul', phone: '+15550109999' },
]
/** An office is open for citizens, whichever of its hosts sees them. */
const hours = ['Mon-Thu 09:00-12:00 13:00-16:30', 'Fri 09:00-12:30']
const CITIZENS = 80

/** Rooms of the first office and of the second. */
const rooms = [
  { office: 0, kind: 'meeting room', name: 'Room 12' },
  { office: 0, kind: 'meeting room', name: 'Room 14' },
  { office: 0, kind: 'ceremony room', name: 'Harbour Room' },
  { office: 1, kind: 'meeting room', name: 'Room 3' },
]

const hosts = [
  { office: 0, bio: 'Residence and registration.', offers: ['Visit', 'Hearing'] },
  { office: 0, bio: 'Passports and identity cards.', offers: ['Visit'] },
  { office: 0, bio: 'Births, marriages and deaths.', offers: ['Visit', 'Registration of a marriage'] },
  { office: 1, bio: 'Trade licences.', offers: ['Visit', 'Hearing'] },
  { office: 1, bio: 'Building permits.', offers: ['Visit', 'Hearing'] },
  { office: 2, bio: 'Taxes and fees.', offers: ['Visit'] },
  { office: 2, bio: 'Parks and trees.', offers: ['Visit'] },
  { office: 2, bio: 'Schools and nurseries.', offers: ['Visit'] },
  { office: 3, bio: 'Help with the rent.', offers: ['Visit'] },
  { office: 3, bio: 'Care and old age.', offers: ['Visit'] },
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
  const [first, ...others] = places
  const offices = [await changeLocation(trx, admin, location.id, first!, founded)]
  for (const place of others) offices.push(await addLocation(trx, admin, place, founded))
  for (const { id } of offices) await replaceWeek(trx, admin, { location_id: id }, week(...hours), founded)
  for (const { office, ...room } of rooms) {
    await addResource(trx, admin, { ...room, location_id: offices[office]!.id }, founded)
  }
  return offices
}

async function findCitizens(stage: Stage): Promise<Somebody[]> {
  const citizens: Somebody[] = []
  for (const [index, locale] of ['tr', 'tr', 'en', 'de', 'tr'].entries()) {
    citizens.push(await enrol(stage, loginOf('client', 'office', index + 1), { locale }))
  }
  while (citizens.length < CITIZENS) citizens.push(await writeDown(stage))
  return citizens
}

/** Of what waits for a decision some is denied; of what was agreed some is moved, and waits again. */
async function decideSome({ trx, admin, organization, now }: Stage): Promise<void> {
  const ahead = async (state: 'pending' | 'confirmed') =>
    (await listAppointments(trx, admin, { from: now.add({ hours: 24 }), states: [state], limit: 200 })).items
  for (const { id } of (await ahead('pending')).slice(0, 3)) {
    await decline(trx, admin, id, { reason: 'A paper is missing' }, now)
  }
  for (const { id, provider_id, service_id, location_id, starts_at } of (await ahead('confirmed')).slice(
    0,
    3,
  )) {
    const wanted = {
      provider_id,
      service_id,
      location_id,
      from: starts_at,
      to: starts_at.add({ hours: 24 * 7 }),
    }
    const [free] = await findFreeSlots(trx, organization, wanted, now)
    if (!free) continue
    const to = Temporal.Instant.fromEpochMilliseconds(free.start)
    await postpone(trx, admin, id, { starts_at: to, reason: 'The host is at a training' }, now)
  }
}

async function offerServices({ trx, admin, services, founded }: Stage): Promise<Service[]> {
  const all = [...services]
  for (const content of further) all.push(await addService(trx, admin, content, founded))
  return all
}

async function hireHosts(stage: Stage, offices: Location[], services: Service[]): Promise<Practice[]> {
  const practices = []
  for (const [index, { office, offers, ...about }] of hosts.entries()) {
    const provider = await hire(stage, loginOf('provider', 'office', index + 1), { ...about, hours: [] })
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
