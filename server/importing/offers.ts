import { type Occasion, readOccasion } from '../slots/occasion.ts'
import type { Importing } from './progress.ts'

/** What appointments are about, for nobody yet. Of thousands of appointments few differ in that, so each is read once. */
export class Offers {
  #importing: Importing
  #read = new Map<string, Occasion>()

  constructor(importing: Importing) {
    this.#importing = importing
  }

  /** Whether it would be offered now is not asked: it was agreed before. */
  async read(wanted: { provider_id: string; service_id?: string; location_id?: string }): Promise<Occasion> {
    const key = [wanted.provider_id, wanted.service_id, wanted.location_id].join()
    const there = this.#read.get(key)
    if (there) return there
    const { trx, organization } = this.#importing
    const read = await readOccasion(trx, organization.id, { ...wanted, client_id: null, regardless: true })
    this.#read.set(key, read)
    return read
  }
}
