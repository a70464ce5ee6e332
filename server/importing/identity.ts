import { newId } from '../ids.ts'
import type { Role } from '../permissions.ts'
import type { Importing } from './progress.ts'
import type { Somebody } from './known.ts'
import type { Place } from './problems.ts'

/** A row that is about a person. */
export interface PersonRow extends Place {
  values: { name?: string; email?: string; phone?: string; password_hash?: string }
}

/**
 * Takes a row for a person. One human is one person: who stands in two files, or was written down as a client before,
 * becomes more and not another. Who is there already as just that is a problem. `more` takes what else the row says.
 * A person whose row has problems counts as there, so that rows that name them are not blamed for it.
 */
export function takePerson(
  importing: Importing,
  row: PersonRow,
  role: Role,
  more: (somebody: Somebody) => void,
): void {
  const { known, organization, now } = importing
  if (refuseDouble(importing, row, role)) return
  const same = findSame(importing, row)
  if (refuseSharedPhone(importing, row, same)) return
  const somebody = same ?? newSomebody(importing, row)
  if (somebody.person) somebody.person.phone = somebody.phone ??= row.values.phone ?? null
  somebody.roles.add(role)
  const granted = { organization_id: organization.id, person_id: somebody.id, role }
  importing.rows.roles.push({ ...granted, granted_at: now, granted_by: null })
  more(somebody)
  known.add(somebody)
}

/** Tells whom the row would double: by the address, or by the name and the phone. */
function refuseDouble({ known, problems }: Importing, row: PersonRow, role: Role): boolean {
  const { name, email, phone } = row.values
  const byEmail = (email === undefined ? [] : known.byEmail(email)).find(
    (one) => isAlready(one, role) || (one.has_account && !one.account),
  )
  if (byEmail) {
    problems.add(row, 'email', `is there already: it is the address of ${whoIs(byEmail)}`)
    return true
  }
  const byName = (name === undefined ? [] : known.byName(name)).find(
    (one) => isAlready(one, role) && (phone ? one.phone === phone : !email && !one.email && !one.phone),
  )
  if (!byName) return false
  const how = phone ? 'with the same phone' : 'without an address and a phone'
  problems.add(row, 'name', `is there already: ${whoIs(byName)}, ${how}`)
  return true
}

/** Where a phone is one person's, tells whose it is. */
function refuseSharedPhone(
  { known, organization, problems }: Importing,
  row: PersonRow,
  same?: Somebody,
): boolean {
  const { phone } = row.values
  if (phone === undefined || !organization.rules.one_person_per_phone) return false
  const other = known.byReference(phone).find((one) => one !== same)
  if (other) problems.add(row, 'phone', `is there already: it is the phone of ${whoIs(other)}`)
  return other !== undefined
}

function isAlready({ roles }: Somebody, role: Role): boolean {
  return [...roles].some((one) => one === role || (isStaffOnly(one) && isStaffOnly(role)))
}

const isStaffOnly = (role: Role) => role !== 'provider' && role !== 'client'

/** The one person whom this address means: of another row, or else a client whom the desk wrote down. */
function findSame({ known }: Importing, { values: { email } }: PersonRow): Somebody | undefined {
  if (email === undefined) return undefined
  const there = known.byEmail(email)
  const brought = there.find((one) => one.place !== null || one.account !== undefined)
  if (brought) return brought
  const [same, another] = there.filter((one) => !one.has_account && !isMoreThanClient(one.roles))
  return another ? undefined : same
}

const isMoreThanClient = (roles: Set<Role>) => [...roles].some((role) => role !== 'client')

function newSomebody({ rows, organization, now }: Importing, row: PersonRow): Somebody {
  const { file, line } = row
  const { name = '', email = null, phone = null } = row.values
  const [id, organization_id] = [newId(), organization.id]
  const own = { organization_id, id, created_at: now, updated_at: now }
  const person = { ...own, name, email, phone, locale: null }
  rows.parties.push({ organization_id, id, kind: 'person' })
  rows.people.push(person)
  const nothing = { roles: new Set<Role>(), has_account: false, location_ids: new Set<string>() }
  return { id, name, email, phone, person, place: { file, line }, ...nothing }
}

function whoIs({ name, place }: Somebody): string {
  return place ? `${name} (${place.file}, line ${place.line})` : name
}
