import type { Row } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { type Action, type Actor, may, type TheClock } from '../permissions.ts'
import { NotAllowed, NotFound } from '../refusal.ts'

export type Appointment = Row<'appointments'>

/** Finds an appointment that the actor may know of; what they may not know exists is not found. */
export async function findAppointment(
  db: Database | Transaction,
  actor: Actor | TheClock,
  id: string,
  action: Action = 'appointments:read',
): Promise<Appointment> {
  const appointment = await db
    .selectFrom('appointments')
    .selectAll()
    .where('organization_id', '=', actor.organization_id)
    .where('id', '=', id)
    .executeTakeFirst()
  return requireReach(actor, appointment, action)
}

/** The same, locked until the transaction ends: of two who change it, the second sees what the first did. */
export async function lockAppointment(
  trx: Transaction,
  actor: Actor | TheClock,
  id: string,
  action: Action,
): Promise<Appointment> {
  const appointment = await trx
    .selectFrom('appointments')
    .selectAll()
    .where('organization_id', '=', actor.organization_id)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return requireReach(actor, appointment, action)
}

function requireReach(
  actor: Actor | TheClock,
  appointment: Appointment | undefined,
  action: Action,
): Appointment {
  if (!appointment || !may(actor, 'appointments:read', appointment)) throw new NotFound('appointment')
  if (!may(actor, action, appointment)) throw new NotAllowed()
  return appointment
}
