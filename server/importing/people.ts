import { takeAccount, takeMemberships } from './accounts.ts'
import { checkFields, type Importing } from './progress.ts'
import { takePerson } from './identity.ts'
import type { SourceFile } from './parsing.ts'
import { optional, readRows, required } from './reading.ts'
import * as values from './values.ts'

const staffColumns = {
  name: required(values.name),
  email: required(values.email),
  role: required(values.oneOf(['admin', 'secretary', 'reception'])),
  phone: optional(values.phone),
  password_hash: optional(values.passwordHash),
  locations: optional(values.several(values.name)),
}
const providerColumns = {
  name: required(values.name),
  email: optional(values.email),
  phone: optional(values.phone),
  bio: optional(values.notes),
  password_hash: optional(values.passwordHash),
  locations: optional(values.several(values.name)),
  is_active: optional(values.truth),
}
const clientColumns = {
  name: required(values.name),
  email: optional(values.email),
  phone: optional(values.phone),
  locale: optional(values.locale),
  notes: optional(values.notes),
  password_hash: optional(values.passwordHash),
}

/** Those who work here without being booked. Answers how many. */
export function takeStaff(importing: Importing, file: SourceFile): number {
  const found = readRows(file, staffColumns, [], importing.problems)
  for (const row of found) {
    takePerson(importing, row, row.values.role ?? 'reception', (somebody) => {
      takeAccount(importing, row, somebody)
      takeMemberships(importing, row, somebody, row.values.locations)
    })
  }
  return found.length
}

/** Those who can be booked. With an address they can log in, by the password that they had or once they are invited. */
export function takeProviders(importing: Importing, file: SourceFile): number {
  const { organization, problems, rows, now } = importing
  const found = readRows(file, providerColumns, organization.fields.provider, problems)
  for (const row of found) {
    takePerson(importing, row, 'provider', (somebody) => {
      checkFields(importing, row, organization.fields.provider)
      takeAccount(importing, row, somebody)
      takeMemberships(importing, row, somebody, row.values.locations)
      const { bio = null, is_active = true } = row.values
      const own = { organization_id: organization.id, id: somebody.id, created_at: now }
      rows.providers.push({ ...own, bio, is_active, details: row.details })
    })
  }
  return found.length
}

/** Those who take appointments. They need no log-in: only who brings a password has one. */
export function takeClients(importing: Importing, file: SourceFile): number {
  const { organization, problems, rows, now } = importing
  const found = readRows(file, clientColumns, organization.fields.client, problems)
  for (const row of found) {
    takePerson(importing, row, 'client', (somebody) => {
      checkFields(importing, row, organization.fields.client)
      if (row.values.password_hash !== undefined) takeAccount(importing, row, somebody)
      const { notes = null, locale } = row.values
      if (somebody.person) somebody.person.locale ??= locale
      const own = { organization_id: organization.id, id: somebody.id, created_at: now }
      rows.clients.push({ ...own, notes, details: row.details })
    })
  }
  return found.length
}
