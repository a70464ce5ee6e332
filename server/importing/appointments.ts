import type { AppointmentState } from '../database/tables.ts'
import { appointmentStates, firstState } from '../appointments/states.ts'
import { newId } from '../ids.ts'
import type { Stretch } from '../slots/reservations.ts'
import { Agreed, type Agreement, isActive, isAfter, isToCome } from './agreed.ts'
import type { Somebody } from './known.ts'
import { Offers } from './offers.ts'
import { checkFields, findLocation, findNamed, type Importing } from './progress.ts'
import type { SourceFile } from './parsing.ts'
import { optional, readRows, required, type Row } from './reading.ts'
import { writeDown } from './recording.ts'
import { type Coming, reserveAll } from './reserving.ts'
import * as values from './values.ts'
import { writeAll } from './writing.ts'

const columnsIn = (time_zone: string) => ({
  provider: required(values.email),
  client: required(values.addressOrPhone),
  dependent: optional(values.name),
  service: optional(values.name),
  location: optional(values.name),
  starts_at: required(values.moment(time_zone)),
  ends_at: optional(values.moment(time_zone)),
  state: optional(values.oneOf(appointmentStates)),
  notes: optional(values.notes),
})
type AppointmentRow = Row<ReturnType<typeof columnsIn>>

/** Appointments that were agreed elsewhere: past ones as they went, and those to come, whose time is taken. */
export async function takeAppointments(importing: Importing, file: SourceFile): Promise<number> {
  const { trx, organization, problems, rows } = importing
  const columns = columnsIn(organization.time_zone)
  const found = readRows(file, columns, organization.fields.appointment, problems)
  // What the appointments are about is read from the database.
  await writeAll(trx, rows)
  const [agreed, offers] = [await Agreed.read(importing, found), new Offers(importing)]
  const coming: Coming[] = []
  for (const row of found) {
    const before = problems.count
    const agreement = await readAgreement(importing, offers, row)
    if (!agreement) continue
    agreed.refuseDouble(row, agreement)
    if (problems.count > before) continue
    const id = newId()
    writeDown(importing, id, row, agreement)
    if (isToCome(agreement, importing.now)) coming.push({ id, row, ...agreement })
  }
  await writeAll(trx, rows)
  await reserveAll(importing, coming)
  importing.coming = coming.length
  return found.length
}

async function readAgreement(
  importing: Importing,
  offers: Offers,
  row: AppointmentRow,
): Promise<Agreement | undefined> {
  const { problems, organization } = importing
  const before = problems.count
  const provider = findNamed(importing, row, 'provider', { as: 'provider', by: row.values.provider })
  const client = findNamed(importing, row, 'client', { as: 'client', by: row.values.client })
  const location = findLocation(importing, row, 'location', row.values.location)
  const service = findService(importing, row)
  const dependent = client && findDependent(importing, row, client)
  checkFields(importing, row, organization.fields.appointment)
  if (provider && provider.id === client?.id) problems.add(row, 'client', 'must not be the provider')
  if (!row.is_sound || problems.count > before || !provider || !client) return undefined

  const wanted = { provider_id: provider.id, service_id: service?.id, location_id: location?.id }
  const offer = await offers.read(wanted)
  const stretch = stretchOf(importing, row, offer.minutes)
  if (!stretch) return undefined
  const state = stateOf(importing, row, stretch, firstState(offer.organization.rules))
  const occasion = {
    ...offer,
    client: { id: client.id, name: client.name, is_client: true, is_blocked: false },
    dependent: dependent ?? null,
  }
  return { occasion, stretch, state }
}

function findService({ known, problems, organization }: Importing, row: AppointmentRow) {
  const name = row.values.service
  if (name === undefined) return undefined
  const service = known.service(name)
  const { one } = organization.words.service
  if (!service)
    problems.add(row, 'service', `names no ${one} here: "${name}"; there are ${known.serviceNames}`)
  return service
}

function findDependent({ known, problems, organization }: Importing, row: AppointmentRow, client: Somebody) {
  const name = row.values.dependent
  if (name === undefined) return undefined
  const [found, another] = known.dependentsOf(client.id, name)
  const { one } = organization.words.dependent
  if (!found) problems.add(row, 'dependent', `names no ${one} of ${client.name}: "${name}"`)
  if (another) problems.add(row, 'dependent', `names several of ${client.name}: "${name}"`)
  return found
}

/** Where it is not said when it ends, the service says how long it takes. */
function stretchOf(
  { problems }: Importing,
  row: AppointmentRow & { is_sound: true },
  minutes: number,
): Stretch | undefined {
  const { starts_at: start, ends_at: end = start.add({ minutes }) } = row.values
  const length = end.epochMilliseconds - start.epochMilliseconds
  if (length > 0 && length <= 24 * 60 * 60_000) return { start, end }
  problems.add(row, 'ends_at', 'must be after starts_at, and at most a day later')
  return undefined
}

/** What is over must say how it went: else the clockwork would decide that later, and count somebody as missing. */
function stateOf(
  { problems, organization, now }: Importing,
  row: AppointmentRow & { is_sound: true },
  { start, end }: Stretch,
  first: AppointmentState,
): AppointmentState {
  const isOver = !isAfter(end, now)
  const { state = isOver ? 'completed' : first } = row.values
  if (isOver && isActive(state)) {
    const ended = 'completed, cancelled, declined or no_show'
    problems.add(
      row,
      'state',
      `is ${state}, and the time is over: it must be ${ended} (completed where nothing is said)`,
    )
  }
  const isEarly = ['completed', 'no_show'].includes(state) && isAfter(start, now)
  if (isEarly && !organization.rules.closes_early) {
    problems.add(row, 'state', `must not be ${state}: it has not begun yet`)
  }
  return state
}
