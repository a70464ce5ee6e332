import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { readUser } from '../../server/accounts/accounts.ts'
import { type Database, inTransaction, type Transaction } from '../../server/database/transactions.ts'
import { listHours, replaceWeek } from '../../server/hours/hours.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { endMember, listMemberships, setMember } from '../../server/people/members.ts'
import { lockParties } from '../../server/people/parties.ts'
import { changeProvider, type Provider, readProvider } from '../../server/people/providers.ts'
import { may } from '../../server/permissions.ts'
import { InvalidInput, NotAllowed, NotFound, Refusal } from '../../server/refusal.ts'
import { viewWeek, windowsOf } from './availability.ts'
import type { VeterinarianBody, VeterinarianChangeBody } from './veterinarian-shapes.ts'

export class VeterinarianAlready extends Refusal {
  readonly code = 'veterinarian_already'
  readonly status = 409

  constructor() {
    super('This user is a veterinarian here already.')
  }
}

type Asking = Pick<FastifyRequest, 'db' | 'actor' | 'now'>

/** A vet with a profile: a provider who can be booked. Throws NotFound for everybody else. */
export async function findVeterinarian(
  db: Database | Transaction,
  organization_id: string,
  id: string,
): Promise<Provider> {
  const provider = await readProvider(db, organization_id, id)
  if (!provider.is_active) throw new NotFound('veterinarian')
  return provider
}

/** Makes a vet of a user with that role: where they work, and what is told of them. */
export async function addVeterinarian(
  { db, actor, now }: Asking,
  { user_id, clinic_id, ...content }: Static<typeof VeterinarianBody>,
): Promise<void> {
  const { organization_id } = actor
  await inTransaction(db, async (trx) => {
    await findLocation(trx, organization_id, clinic_id)
    // Of two who give it at once, the second sees that it is there.
    await lockParties(trx, organization_id, [user_id])
    const { roles } = await readUser(trx, organization_id, user_id)
    if (!roles.includes('provider')) {
      throw new InvalidInput([
        { field: 'user_id', message: 'must be a user with the role of a veterinarian' },
      ])
    }
    const { is_active } = await readProvider(trx, organization_id, user_id)
    if (is_active) throw new VeterinarianAlready()
    await changeVeterinarian({ db: trx, actor, now }, user_id, { ...content, clinic_id }, true)
  })
}

/** Changes what is said of it, and leaves the rest; null takes it away. */
export async function changeVeterinarian(
  { db, actor, now }: Asking,
  id: string,
  change: Static<typeof VeterinarianChangeBody>,
  is_active?: boolean,
): Promise<void> {
  const { licence_number, specialties, default_duration, availability, clinic_id, bio } = change
  const said = { licence_number, default_duration, specialties: specialties && specialties.join(', ') }
  const details = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
  await inTransaction(db, async (trx) => {
    await changeProvider(trx, actor, id, { bio, details, is_active }, now)
    if (clinic_id) await moveTo({ db: trx, actor, now }, id, clinic_id)
    if (availability !== undefined) {
      await replaceWeek(trx, actor, { provider_id: id }, windowsOf(availability ?? []), now)
    }
  })
}

/** A vet works at one clinic, as this system has it. */
async function moveTo({ db, actor, now }: Asking, person_id: string, location_id: string): Promise<void> {
  const { organization_id } = actor
  if (!may(actor, 'members:change')) throw new NotAllowed('An administrator says who works at a clinic.')
  await inTransaction(db, async (trx) => {
    await findLocation(trx, organization_id, location_id)
    const before = await listMemberships(trx, organization_id, { person_id })
    await setMember(
      trx,
      actor,
      { location_id, person_id },
      { position: 'veterinarian', is_primary: true },
      now,
    )
    for (const { location_id: left } of before.filter((one) => one.location_id !== location_id)) {
      await endMember(trx, actor, { location_id: left, person_id }, now)
    }
  })
}

/** Vets with their clinic and their week: two queries, however many they are. */
export async function viewVeterinarians(
  db: Database | Transaction,
  organization_id: string,
  vets: Provider[],
) {
  const provider_ids = vets.map(({ id }) => id)
  const hours = await listHours(db, organization_id, { provider_ids, is_open: true, limit: 10_000 })
  const members = await listMemberships(db, organization_id, { of_providers: true })
  return vets.map(({ id, name, bio, is_active, details }) => {
    const { licence_number, specialties, default_duration } = details as Record<string, never>
    const own = members.filter(({ person_id }) => person_id === id)
    const clinic = own.find(({ is_primary }) => is_primary) ?? own[0]
    return {
      id,
      user_id: id,
      clinic_id: clinic?.location_id ?? null,
      full_name: name,
      licence_number: licence_number ?? null,
      specialties: specialties ? String(specialties).split(', ') : [],
      bio,
      default_duration: default_duration ?? null,
      availability: viewWeek(hours.filter((row) => row.provider_id === id && row.location_id === null)),
      is_active,
    }
  })
}
