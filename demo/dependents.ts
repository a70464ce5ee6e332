import { addDependent, addGuardian, type DependentContent } from '../server/people/dependents.ts'
import type { Somebody, Stage } from './stage.ts'

/** Somebody on whose behalf a client comes. */
export interface Ward {
  id: string
  name: string
}

/** Whose children or animals are whose. */
export type Wards = Map<Somebody, Ward[]>

/** Writes down a dependent, as the desk does, and everybody who is a guardian of theirs. */
export async function bring(
  { trx, admin, founded }: Stage,
  [first, ...others]: Somebody[],
  content: DependentContent & { name: string },
  wards: Wards,
): Promise<Ward> {
  const { id, name } = await addDependent(trx, admin, { ...content, client_id: first!.id }, founded)
  for (const other of others) {
    await addGuardian(trx, admin, { dependent_id: id, client_id: other.id }, founded)
  }
  for (const guardian of [first!, ...others]) {
    wards.set(guardian, [...(wards.get(guardian) ?? []), { id, name }])
  }
  return { id, name }
}
