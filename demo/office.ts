import { office as preset } from '../presets/office.ts'
import { addLocation, changeLocation, type Location } from '../server/organizations/locations.ts'
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
    const practices = await hireHosts(stage, offices)
    await employ(stage, loginOf('secretary', 'office', 1), 'secretary', offices[0]!)
    await employ(stage, loginOf('reception', 'office', 1), 'reception', offices[0]!)
    const clients: Somebody[] = []
    for (const [index, locale] of ['tr', 'tr', 'en', 'de', 'tr'].entries()) {
      clients.push(await enrol(stage, loginOf('client', 'office', index + 1), { locale }))
    }
    await live(stage, { practices, clients, weeks: 2, behind: 3, ahead: 3 }, () => ({
      details: { purpose: random.pick(purposes) },
    }))
  },
}

const hosts = [
  { office: 0, bio: 'Residence and registration.', hours: ['Mon-Fri 09:00-12:00 13:00-16:30'] },
  { office: 0, bio: 'Passports and identity cards.', hours: ['Mon-Thu 08:30-12:30'] },
  { office: 0, bio: 'Births, marriages and deaths.', hours: ['Tue,Thu 13:00-17:00', 'Fri 09:00-12:00'] },
  { office: 1, bio: 'Trade licences.', hours: ['Mon-Wed 09:00-12:30 13:30-16:00'] },
  { office: 1, bio: 'Building permits.', hours: ['Mon,Wed,Fri 10:00-12:30 13:30-17:00'] },
]

const purposes = [
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
  return [
    await changeLocation(trx, admin, location.id, first, founded),
    await addLocation(trx, admin, second, founded),
  ]
}

async function hireHosts(stage: Stage, offices: Location[]): Promise<Practice[]> {
  const practices = []
  for (const [index, { office, ...about }] of hosts.entries()) {
    const provider = await hire(stage, loginOf('provider', 'office', index + 1), about)
    const location = offices[office]!
    await assign(stage, provider, location, 'host')
    practices.push({ provider, services: stage.services, location_id: location.id })
  }
  return practices
}
