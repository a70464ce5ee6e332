import { Type } from 'typebox'
import type { Transaction } from '../database/transactions.ts'
import type { Actor } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import { Id, nullable, shape, strict } from '../shapes.ts'
import { WeekShape } from '../slots/template-routes.ts'
import {
  publishWeeks,
  requireTemplate,
  type SlotTemplate,
  storedTemplates,
  WEEKS_AHEAD,
} from '../slots/templates.ts'
import type { Circumstances, Result } from './job.ts'

/** What may be said when slots are asked for: of whom and which; else those that are kept are published. */
export const GenerateSlotsBody = shape(
  'GenerateSlots',
  strict({
    provider_id: Id,
    service_id: Type.Optional(nullable(Id)),
    location_id: Type.Optional(nullable(Id)),
    week: WeekShape,
    weeks: Type.Optional(Type.Integer({ minimum: 1, maximum: 52, default: WEEKS_AHEAD })),
  }),
)

type Wanted = SlotTemplate & { weeks?: number }

export function acceptsSlots(
  trx: Transaction,
  actor: Actor,
  asked: Record<string, unknown>,
): Promise<unknown> {
  return requireTemplate(trx, actor, asked as unknown as Wanted)
}

/**
 * Publishes slots from a week for the weeks ahead: the week that is given, or those that providers keep. A provider who
 * takes no bookings any more hinders nobody else; a week that somebody gives must be right.
 */
export async function generateSlots(circumstances: Circumstances): Promise<Result> {
  const { db, organization, clock, asked, now, signal } = circumstances
  if (asked) {
    const { weeks = WEEKS_AHEAD, ...template } = asked as unknown as Wanted
    const slots = await publishWeeks(db, clock, template, weeks, now)
    return { providers: 1, published: slots.length, refused: 0 }
  }
  const result = { providers: 0, published: 0, refused: 0 }
  for (const template of await storedTemplates(db, organization.id).execute()) {
    if (signal.aborted) return result
    const published = await publishStored(circumstances, template)
    if (published === null) result.refused++
    else {
      result.providers++
      result.published += published
    }
  }
  return result
}

async function publishStored(
  { db, clock, now, log }: Circumstances,
  template: SlotTemplate,
): Promise<number | null> {
  try {
    return (await publishWeeks(db, clock, template, WEEKS_AHEAD, now)).length
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    log.warn(
      { provider_id: template.provider_id, reason: error.message },
      'the slots of a week were not published',
    )
    return null
  }
}
