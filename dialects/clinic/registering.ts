import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { User } from '../../server/accounts/accounts.ts'
import { signUp } from '../../server/accounts/sign-up.ts'
import { createUser } from '../../server/accounts/users.ts'
import { inTransaction } from '../../server/database/transactions.ts'
import { replaceWeek } from '../../server/hours/hours.ts'
import { changeClient } from '../../server/people/clients.ts'
import { changeProvider } from '../../server/people/providers.ts'
import { type Actor, may, type Role } from '../../server/permissions.ts'
import { InvalidInput } from '../../server/refusal.ts'
import { publishSlots } from '../../server/slots/publishing.ts'
import { timeOfDay } from '../local-times.ts'
import { phoneIn } from '../phones.ts'
import { momentOf } from './dates.ts'
import type { RegisterBody, roles, SignUpBody } from './shapes.ts'

const roleNamed: Record<(typeof roles)[number], Role> = {
  admin: 'admin',
  doctor: 'provider',
  patient: 'client',
}

/** What was said of a patient, without what was not. */
export function detailsOf(about: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(about).filter(([, value]) => value !== null && value !== undefined),
  )
}

/** Patients make their own accounts. */
export function signUpPatient(
  { db, organization, now }: Pick<FastifyRequest, 'db' | 'organization' | 'now'>,
  { name, email, phone, password, age, gender }: Omit<Static<typeof SignUpBody>, 'photo'>,
): Promise<User> {
  const number = phoneIn('phone', phone)
  if (!number) throw new InvalidInput([{ field: 'phone', message: 'is missing' }])
  const wanted = { name: name.trim(), email, password, phone: number, details: detailsOf({ age, gender }) }
  return signUp(db, organization.id, wanted, now)
}

type Registration = Static<typeof RegisterBody>

/** An administrator makes anybody's account; without one's token it is a patient's, or the first administrator's. */
export async function register(request: FastifyRequest, body: Registration): Promise<User> {
  const { db, organization, asking, now } = request
  const { name, email, password, age, gender, role: named = 'patient' } = body
  const role = roleNamed[named]
  const phone = phoneIn('phone', body.phone) ?? undefined
  const wanted = { name: name.trim(), email, password, phone }
  const details = detailsOf({ age, gender })
  if (!asking || !may(asking, 'users:manage')) {
    return signUp(db, organization.id, { ...wanted, role, ...(role === 'client' && { details }) }, now)
  }
  return inTransaction(db, async (trx) => {
    const user = await createUser(trx, asking, { ...wanted, roles: [role] }, now)
    if (role === 'client') await changeClient(trx, asking, user.id, { details }, now)
    if (role === 'provider') await openPractice({ db: trx, organization, now }, asking, user.id, body)
    return user
  })
}

/** Says of a doctor what they are good at and when they can be booked. */
async function openPractice(
  { db, organization, now }: Pick<FastifyRequest, 'db' | 'organization' | 'now'>,
  by: Actor,
  provider_id: string,
  { doctorProfile: profile }: Registration,
): Promise<void> {
  if (!profile) throw new InvalidInput([{ field: 'doctorProfile', message: 'is missing' }])
  const { slot_minutes } = organization.rules
  const { specialization, slotDurationMin = slot_minutes, weeklySchedule = [], explicitSlots = [] } = profile
  if (slotDurationMin !== slot_minutes) {
    const message = `must be ${slot_minutes}: all doctors of this clinic have slots of that length`
    throw new InvalidInput([{ field: 'doctorProfile.slotDurationMin', message }])
  }
  await changeProvider(db, by, provider_id, { details: { specialization: specialization.trim() } }, now)
  const week = weeklySchedule.map(({ weekday, start, end }) => ({
    weekday: weekday + 1,
    opens: timeOfDay(start),
    closes: timeOfDay(end),
  }))
  await replaceWeek(db, by, { provider_id }, week, now)
  const slots = explicitSlots.map((text, at) => {
    const starts_at = momentOf(`doctorProfile.explicitSlots.${at}`, text)
    return { starts_at, ends_at: starts_at.add({ minutes: slot_minutes }) }
  })
  if (slots.length > 0) await publishSlots(db, by, { provider_id }, slots, now)
}
