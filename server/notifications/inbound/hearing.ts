import { sql } from 'kysely'
import { cancel } from '../../appointments/cancellation.ts'
import { confirm } from '../../appointments/deciding.ts'
import { type Database, inTransaction, type Transaction } from '../../database/transactions.ts'
import { newId } from '../../ids.ts'
import type { Organization } from '../../organizations/organizations.ts'
import type { Actor } from '../../permissions.ts'
import { Refusal } from '../../refusal.ts'
import { codeOf } from '../codes.ts'
import { languageOf } from '../kinds.ts'
import { wordingFor } from '../wording.ts'
import { type Named, replies, type Replies } from './replies.ts'
import {
  mostAskedAbout,
  namedBy,
  openAppointments,
  organizationOf,
  type OpenAppointment,
  peopleWith,
} from './senders.ts'
import { type Understood, understand } from './understanding.ts'

/** An SMS that came in. */
export interface Heard {
  from: string
  to: string
  text: string
  /** By which its provider knows it. */
  external_id: string | null
}

/** To whom it was sent, where that was said. */
interface Where {
  slug?: string
  trade?: string
}

/** What came of it: is written down, and answered. */
interface Outcome {
  reply: string
  outcome: string
  appointment_id?: string
}

/**
 * Hears an SMS and answers it, whatever it says and whoever sends it. What comes twice is heard once, and answered the
 * same. Everything is written down.
 */
export async function hear(
  db: Database,
  heard: Heard,
  where: Where,
  now: Temporal.Instant,
): Promise<{ reply: string; outcome: string }> {
  const organization = await organizationOf(db, heard.from, where, now)
  if (!organization) return { reply: replies.en.nothing, outcome: 'no_organization' }
  return inTransaction(db, async (trx) => {
    const id = newId()
    const known = await writeDown(trx, organization, id, heard, now)
    if (known) return known
    const people = await peopleWith(trx, organization.id, heard.from)
    const language = languageOf(people[0]?.locale ?? organization.locale)
    const understood = understand(heard.text, language)
    const outcome = await answer(trx, organization, heard, understood, replies[language], where, now)
    const { reply, outcome: what, appointment_id = null } = outcome
    await trx
      .updateTable('inbound_messages')
      .set({
        reply,
        outcome: what,
        appointment_id,
        command: understood.command,
        person_id: people[0]?.id ?? null,
      })
      .where('organization_id', '=', organization.id)
      .where('id', '=', id)
      .execute()
    return outcome
  })
}

const heardOnly = { outcome: 'heard', reply: '' }

/** Writes it down before anything is done; the answer of the first time, where it was heard before. */
async function writeDown(
  trx: Transaction,
  { id: organization_id }: Organization,
  id: string,
  { from, to, text, external_id }: Heard,
  now: Temporal.Instant,
): Promise<{ reply: string; outcome: string } | undefined> {
  const content = text.replaceAll('\0', '').slice(0, 1600)
  const { numInsertedOrUpdatedRows = 0n } = await trx
    .insertInto('inbound_messages')
    .values({
      organization_id,
      id,
      external_id,
      sender: from,
      receiver: to,
      content,
      ...heardOnly,
      received_at: now,
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'external_id']).doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows > 0n) return undefined
  return trx
    .selectFrom('inbound_messages')
    .select(['reply', 'outcome'])
    .where('organization_id', '=', organization_id)
    .where('external_id', '=', external_id)
    .executeTakeFirstOrThrow()
}

async function answer(
  trx: Transaction,
  organization: Organization,
  { from }: Heard,
  { command, named }: Understood,
  say: Replies,
  where: Where,
  now: Temporal.Instant,
): Promise<Outcome> {
  if (command === 'stop' || command === 'start') {
    await stopOrStart(trx, organization, from, command, where, now)
    const reply = command === 'stop' ? say.stopped(organization.name) : say.started
    return { reply, outcome: command === 'stop' ? 'stopped' : 'started' }
  }
  if (command === 'help') return { reply: say.help(organization.name), outcome: 'help' }
  if (command === null) return { reply: say.help(organization.name), outcome: 'not_understood' }

  const open = await openAppointments(trx, organization.id, from, now)
  const meant = named ? namedBy(named, open) : meantBy(command, open)
  if (meant.length === 0)
    return named
      ? { reply: say.unknown(named), outcome: 'unknown' }
      : { reply: say.nothing, outcome: 'nothing' }
  if (meant.length > 1) {
    const several = meant.slice(0, mostAskedAbout).map((one) => nameOf(one, organization))
    return { reply: say.which(command, several), outcome: 'asked_which' }
  }
  return carryOut(trx, organization, command, meant[0]!, say, now)
}

/** Without a code: those for which it makes sense. Who has nothing left to confirm means what is confirmed already. */
function meantBy(command: 'confirm' | 'cancel', open: OpenAppointment[]): OpenAppointment[] {
  const waiting = open.filter(({ state }) => state === 'pending')
  return command === 'confirm' && waiting.length > 0 ? waiting : open
}

async function carryOut(
  trx: Transaction,
  organization: Organization,
  command: 'confirm' | 'cancel',
  appointment: OpenAppointment,
  say: Replies,
  now: Temporal.Instant,
): Promise<Outcome> {
  const { id: appointment_id, client_id: person_id, state } = appointment
  const named = nameOf(appointment, organization)
  if (command === 'confirm' && state === 'confirmed') {
    return { reply: say.alreadyConfirmed(named), outcome: 'already_confirmed', appointment_id }
  }
  const actor: Actor = {
    organization_id: organization.id,
    person_id,
    session_id: '',
    roles: ['client'],
    location_ids: [],
  }
  const refusal = await refusedBy(trx, async () => {
    if (command === 'confirm') await confirm(trx, actor, appointment_id, now)
    else await cancel(trx, actor, appointment_id, {}, now)
  })
  if (!refusal) {
    const done = command === 'confirm' ? say.confirmed(named) : say.cancelled(named)
    return { reply: done, outcome: command === 'confirm' ? 'confirmed' : 'cancelled', appointment_id }
  }
  const reply = refusal.code === 'too_late_to_change' ? say.tooLate(named) : say.notPossible(named)
  return { reply, outcome: refusal.code, appointment_id }
}

/** Does something that may be refused, and undoes what it had begun: the SMS is written down nevertheless. */
async function refusedBy(trx: Transaction, work: () => Promise<void>): Promise<Refusal | null> {
  await sql`savepoint before_the_answer`.execute(trx)
  try {
    await work()
    return null
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await sql`rollback to savepoint before_the_answer`.execute(trx)
    return error
  }
}

/** Whoever says STOP to a number means all that send from it, unless the number was one organization's own. */
async function stopOrStart(
  trx: Transaction,
  { id }: Organization,
  phone: string,
  command: 'stop' | 'start',
  { slug, trade }: Where,
  now: Temporal.Instant,
): Promise<void> {
  const concerned = sql`select o.id from organizations o where o.id = ${id} or (${slug ?? null}::text is null
    and (${trade ?? null}::text is null or o.trade = ${trade ?? null})
    and exists (select from people p where p.organization_id = o.id and p.phone = ${phone}))`
  if (command === 'stop') {
    await sql`insert into stopped_phones (organization_id, phone, stopped_at)
      select id, ${phone}, ${now} from (${concerned}) concerned on conflict do nothing`.execute(trx)
    return
  }
  await sql`delete from stopped_phones where phone = ${phone} and organization_id in (${concerned})`.execute(
    trx,
  )
}

function nameOf(appointment: OpenAppointment, organization: Organization): Named {
  const locale = appointment.locale ?? organization.locale
  const place = appointment.place_time_zone ?? organization.time_zone
  const wording = wordingFor({ locale, time_zone: appointment.time_zone }, place)
  const { starts_at } = appointment
  return { code: codeOf(appointment.id), when: `${wording.date(starts_at)}, ${wording.time(starts_at)}` }
}
