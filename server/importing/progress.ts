import type { Field } from '../../presets/preset.ts'
import type { Transaction } from '../database/transactions.ts'
import { checkDetails } from '../organizations/fields.ts'
import type { Organization } from '../organizations/organizations.ts'
import type { Known, Somebody } from './known.ts'
import type { Place, Problems } from './problems.ts'
import type { NewRows } from './writing.ts'

/** An import on its way. */
export interface Importing {
  trx: Transaction
  organization: Organization
  now: Temporal.Instant
  problems: Problems
  known: Known
  /** What is yet to be written. */
  rows: NewRows
  /** How many appointments are still to come. */
  coming: number
}

/** Checks the values of the trade's own fields, once they could be read at all. */
export function checkFields(
  { problems }: Importing,
  row: Place & { is_sound: boolean; details: Record<string, unknown> },
  fields: Field[],
): void {
  if (!row.is_sound) return
  try {
    checkDetails(fields, row.details, true)
  } catch (error) {
    problems.addRefusal(row, error)
  }
}

/** The provider or the client whom a row names by address or phone; if there is none, or several, that is a problem. */
export function findNamed(
  { known, problems, organization }: Importing,
  row: Place,
  column: string,
  { as, by }: { as: 'provider' | 'client'; by: string | undefined },
): Somebody | undefined {
  if (by === undefined) return undefined
  const [found, ...others] = known.byReference(by).filter(({ roles }) => roles.has(as))
  const { one, many } = organization.words[as]
  if (!found) problems.add(row, column, `names no ${one} who is here: ${by}`)
  else if (others.length > 0) {
    const names = [found, ...others].map(({ name }) => name).join(', ')
    problems.add(row, column, `names several ${many} (${names}): ${by}; name one by what is theirs alone`)
    return undefined
  }
  return found
}

/** The location that a row names; if there is none of that name, that is a problem. */
export function findLocation(
  { known, problems }: Importing,
  row: Place,
  column: string,
  name: string | undefined,
): { id: string; name: string } | undefined {
  if (name === undefined) return undefined
  const location = known.location(name)
  if (!location)
    problems.add(row, column, `names no location here: "${name}"; there are ${known.locationNames}`)
  return location
}
