import { type Database, inTransaction, type Transaction } from '../server/database/transactions.ts'
import { SlugTaken } from '../server/organizations/organizations.ts'
import { clinic } from './clinic.ts'
import { general } from './general.ts'
import { office } from './office.ts'
import { school } from './school.ts'
import { openStage, type Scene, type Stage } from './stage.ts'
import { veterinary } from './veterinary.ts'

/** The organizations of the demo. A further one is a further file, and a line here. */
export const scenes: Scene[] = [school, office, clinic, veterinary, general]

/**
 * Makes those organizations of the demo that are not there, each in one transaction, so that a start that is cut off
 * leaves none half made and the next goes on after the last whole one. What is there is kept as it is.
 */
export async function fillDemo(
  db: Database,
  now: Temporal.Instant,
  tell: (scene: Scene) => void = () => {},
): Promise<void> {
  for (const scene of scenes) {
    try {
      await inTransaction(db, (trx) => make(trx, scene, now, tell))
    } catch (error) {
      // Made by an earlier start, or in this moment by another process.
      if (!(error instanceof SlugTaken)) throw error
    }
  }
}

async function make(
  trx: Transaction,
  scene: Scene,
  now: Temporal.Instant,
  tell: (scene: Scene) => void,
): Promise<void> {
  const stage = await openStage(trx, scene, now)
  tell(scene)
  await scene.fill(stage)
  await markAsTold(stage)
}

/** What is long past is no news: nobody is sent a message about it when the program starts. */
async function markAsTold({ trx, organization, now }: Stage): Promise<void> {
  await trx
    .updateTable('events')
    .set({ relayed_at: now })
    .where('organization_id', '=', organization.id)
    .where('relayed_at', 'is', null)
    .execute()
}
