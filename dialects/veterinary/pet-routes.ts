import { Type } from 'typebox'
import type { App, Organization } from '../../server/http/routes.ts'
import { shownDetails } from '../../server/organizations/fields.ts'
import {
  addDependent,
  changeDependent,
  type Dependent,
  findDependent,
  listDependents,
} from '../../server/people/dependents.ts'
import { type Actor, isStaff } from '../../server/permissions.ts'
import { InvalidInput } from '../../server/refusal.ts'
import { FreeText, Id, LocalDate, nullable, oneOf, ref, shape } from '../../server/shapes.ts'
import { maybe } from '../maybe.ts'
import { countedPage } from '../pages.ts'
import { enveloped, type Say } from './envelope.ts'
import { byId, countedFrom, Line, Named, pageNumbers, pageOf, pageQuery, Removed, Text } from './shapes.ts'

const genders = ['female', 'male', 'unknown'] as const
const sizes = ['small', 'medium', 'large', 'extra_large'] as const

const Pet = shape(
  'VeterinaryPet',
  Type.Object({
    id: Id,
    owner_id: nullable(Id),
    name: Text,
    species: nullable(Text),
    breed: nullable(Text),
    gender: nullable(Text),
    size: nullable(Text),
    weight: nullable(Type.Number()),
    birth_date: nullable(Text),
    microchip_id: nullable(Text),
    medical_notes: nullable(Type.String({ description: 'For the staff to read and write' })),
    is_active: Type.Boolean(),
    created_at: Text,
  }),
)
const content = {
  breed: maybe(Line(500)),
  gender: maybe(oneOf(genders)),
  size: maybe(oneOf(sizes)),
  weight: maybe(Type.Number({ minimum: 0, maximum: 10_000, description: 'In kilograms' })),
  birth_date: maybe(LocalDate),
  microchip_id: maybe(Line(500)),
  medical_notes: maybe(FreeText(5000)),
  is_active: maybe(Type.Boolean()),
}
const PetBody = shape(
  'VeterinaryNewPet',
  Type.Object({ owner_id: maybe(Id), name: Named, species: Line(500, 1), ...content }),
)
const PetChangeBody = shape(
  'VeterinaryPetChange',
  Type.Object({ name: maybe(Named), species: maybe(Line(500, 1)), ...content }),
)
const PetsQuery = Type.Object({
  ...pageQuery,
  owner_id: Type.Optional(Id),
  search: Type.Optional(FreeText(200)),
  include_inactive: Type.Boolean({ default: false }),
})

/** /pets: owners see and change their own, the staff all. */
export function petRoutes(app: App, say: Say): void {
  const read = { config: { may: 'dependents:read' } } as const
  const change = { config: { may: 'dependents:change' } } as const
  const answer = enveloped(ref(Pet))

  app.get(
    '/pets',
    {
      ...read,
      schema: {
        summary: 'Pets, by name',
        querystring: PetsQuery,
        response: { 200: enveloped(pageOf('pets', ref(Pet))) },
      },
    },
    async ({ db, actor, organization, query }) => {
      const { owner_id: client_id, search, include_inactive } = query
      const wanted = { client_id, search, include_inactive }
      const { items, total } = await countedPage(
        (page) => listDependents(db, actor, { ...wanted, ...page }),
        countedFrom(query),
      )
      const pets = items.map((pet) => viewPet(pet, actor, organization, client_id))
      return say({ pets, ...pageNumbers(total, query) })
    },
  )

  app.post(
    '/pets',
    {
      config: { may: 'dependents:create', creates: true },
      schema: { summary: 'Write down a pet', body: ref(PetBody), response: { 201: answer } },
    },
    async ({ db, actor, organization, body, now }) => {
      const { owner_id, name, ...about } = body
      const { details, ...plain } = contentOf(about)
      // What is null is as good as not said.
      const said = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== null))
      const wanted = { ...plain, name, client_id: owner_id ?? undefined, details: said }
      const added = await addDependent(db, actor, wanted, now).catch(namingTheOwner)
      return say(viewPet(added, actor, organization), 'The pet is written down.')
    },
  )

  app.get(
    '/pets/:id',
    { ...read, schema: { summary: 'One pet', params: byId, response: { 200: answer } } },
    async ({ db, actor, organization, params }) =>
      say(viewPet(await findDependent(db, actor, params.id), actor, organization)),
  )

  app.put(
    '/pets/:id',
    {
      ...change,
      schema: {
        summary: 'Change what is said of a pet',
        params: byId,
        body: ref(PetChangeBody),
        response: { 200: answer },
      },
    },
    async ({ db, actor, organization, params, body, now }) => {
      const { name, ...about } = body
      const wanted = { name: name ?? undefined, ...contentOf(about) }
      return say(viewPet(await changeDependent(db, actor, params.id, wanted, now), actor, organization))
    },
  )

  app.delete(
    '/pets/:id',
    {
      ...change,
      schema: {
        summary: 'No appointments for a pet any more',
        params: byId,
        response: { 200: enveloped(ref(Removed)) },
      },
    },
    async ({ db, actor, params, now }) => {
      await changeDependent(db, actor, params.id, { is_active: false }, now)
      return say({ id: params.id, message: 'The pet is no longer active. Its history is kept.' })
    },
  )
}

/** The owner of a pet is its `owner_id`, and not the `pet_owner_id` of an appointment. */
function namingTheOwner(refusal: unknown): never {
  if (!(refusal instanceof InvalidInput)) throw refusal
  throw new InvalidInput(
    refusal.fields.map((problem) =>
      problem.field === 'client_id' ? { ...problem, field: 'owner_id' } : problem,
    ),
  )
}

interface About extends Record<string, unknown> {
  birth_date?: string | null
  is_active?: boolean | null
}

const fieldNames = new Set(['species', 'breed', 'gender', 'size', 'weight', 'microchip_id', 'medical_notes'])

/** What the core keeps in columns, and what in the fields of the trade. */
function contentOf({ birth_date, is_active, ...about }: About) {
  const own = Object.entries(about).filter(([name, value]) => fieldNames.has(name) && value !== undefined)
  return {
    birth_date,
    is_active: is_active ?? undefined,
    details: Object.fromEntries(own),
  }
}

/** A pet may have several owners: shown is who asks, or whose pets are asked for, else the first by name. */
function viewPet(pet: Dependent, actor: Actor, { fields }: Organization, asked_for?: string) {
  const { id, name, birth_date, is_active, guardians, created_at } = pet
  const details = shownDetails(fields.dependent, pet.details, isStaff(actor)) as Record<string, never>
  const ids = guardians.map(({ client_id }) => client_id)
  const owner_id = ids.find((one) => one === actor.person_id || one === asked_for) ?? ids[0] ?? null
  return {
    id,
    owner_id,
    name,
    birth_date,
    is_active,
    created_at: `${created_at}`,
    species: details.species ?? null,
    breed: details.breed ?? null,
    gender: details.gender ?? null,
    size: details.size ?? null,
    weight: details.weight ?? null,
    microchip_id: details.microchip_id ?? null,
    medical_notes: details.medical_notes ?? null,
  }
}
