import { newId } from '../ids.ts'
import { checkFields, findNamed, type Importing } from './progress.ts'
import type { SourceFile } from './parsing.ts'
import { optional, readRows, required, type Row } from './reading.ts'
import * as values from './values.ts'

const columns = {
  name: required(values.name),
  guardians: required(values.several(values.addressOrPhone)),
  birth_date: optional(values.date),
}

/** Those on whose behalf clients come. Answers how many. */
export function takeDependents(importing: Importing, file: SourceFile): number {
  const { organization, problems, rows, now } = importing
  const found = readRows(file, columns, organization.fields.dependent, problems)
  for (const row of found) {
    const id = newId()
    checkFields(importing, row, organization.fields.dependent)
    takeGuardians(importing, row, id)
    const { name = '', birth_date = null } = row.values
    const own = { organization_id: organization.id, id, created_at: now, updated_at: now }
    rows.dependents.push({ ...own, name, birth_date, details: row.details, is_active: true })
  }
  return found.length
}

function takeGuardians(importing: Importing, row: Row<typeof columns>, dependent_id: string): void {
  const { organization, known, problems, rows, now } = importing
  const { name = '', guardians = [] } = row.values
  for (const by of guardians) {
    const guardian = findNamed(importing, row, 'guardians', { as: 'client', by })
    if (!guardian) continue
    const client_id = guardian.id
    if (known.dependentsOf(client_id, name).length > 0) {
      const { one } = organization.words.dependent
      problems.add(row, 'name', `is there already: a ${one} of this name is with ${guardian.name}`)
      continue
    }
    known.addDependent(client_id, { id: dependent_id, name })
    const own = { organization_id: organization.id, dependent_id, client_id }
    rows.guardians.push({ ...own, added_at: now, added_by: null })
  }
}
