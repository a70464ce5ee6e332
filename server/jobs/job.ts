import type { Rules } from '../../presets/preset.ts'
import type { Log } from '../database/connect.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import { type Actor, type TheClock, theClock } from '../permissions.ts'
import { Refusal } from '../refusal.ts'

/** Something that happens without anyone asking, or because an administrator asks. */
export interface Job {
  /** As it is called in addresses; never changed. */
  name: string
  /** For people, in a sentence. */
  does: string
  /** A crontab's five fields, read in the organization's zone; null: only by hand, or not under these rules. */
  every: string | null | ((rules: Rules) => string | null)
  /** Looks at what somebody says who asks for it, before it is accepted. Throws a refusal. */
  accepts?(trx: Transaction, actor: Actor, asked: Record<string, unknown>): Promise<unknown>
  /**
   * Does it, for one organization. It looks at the world as it is, can run twice without harm, takes a short transaction
   * for each thing, and stops before the next one when the signal says so.
   */
  run(circumstances: Circumstances): Promise<Result>
}

export interface Circumstances {
  db: Database
  organization: Organization
  /** In whose name it acts: nobody's. */
  clock: TheClock
  /** For when it was due, which may be a while ago. */
  due_at: Temporal.Instant
  /** What somebody who asked for it said. */
  asked: Record<string, unknown> | null
  now: Temporal.Instant
  signal: AbortSignal
  log: Log
}

/** What became of it, in numbers. */
export type Result = Record<string, number>

export function circumstancesOf(
  parts: Omit<Circumstances, 'clock'> & { organization: Organization },
): Circumstances {
  return { ...parts, clock: theClock(parts.organization.id) }
}

/** When a job recurs under an organization's rules. */
export function rhythmOf({ every }: Job, rules: Rules): string | null {
  return typeof every === 'function' ? every(rules) : every
}

const BATCH = 200

/**
 * Does something to each, in batches of what `find` finds still to be done, until nothing is left or the signal says
 * stop; answers to how many. What is refused was done or undone by somebody quicker, and is not asked about again.
 */
export async function eachFound(
  { signal }: Pick<Circumstances, 'signal'>,
  find: (limit: number, but: string[]) => Promise<{ id: string }[]>,
  take: (id: string) => Promise<unknown>,
): Promise<number> {
  const refused: string[] = []
  let count = 0
  while (!signal.aborted) {
    const found = await find(BATCH, refused)
    for (const { id } of found) {
      if (signal.aborted) return count
      if (await isGranted(take(id))) count++
      else refused.push(id)
    }
    if (found.length < BATCH) return count
  }
  return count
}

async function isGranted(taken: Promise<unknown>): Promise<boolean> {
  try {
    await taken
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
