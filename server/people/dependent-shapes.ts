import { Type } from 'typebox'
import { shownDetails } from '../organizations/fields.ts'
import { isStaff } from '../permissions.ts'
import {
  Details,
  FreeText,
  Id,
  Instant,
  LocalDate,
  Name,
  nullable,
  pageOf,
  pageQuery,
  shape,
  strict,
} from '../shapes.ts'
import type { Dependent } from './dependents.ts'
import type { Looking } from './shapes.ts'

export const DependentShape = shape(
  'Dependent',
  strict({
    id: Id,
    name: Type.String(),
    birth_date: nullable(LocalDate),
    notes: nullable(Type.String({ description: "The desk's own" })),
    details: Details,
    is_active: Type.Boolean(),
    guardians: Type.Array(strict({ client_id: Id, name: Type.String() }), {
      description: 'A guardian sees themself, the staff sees all',
    }),
    created_at: Instant,
  }),
)
export const DependentPage = pageOf('DependentPage', DependentShape)

const content = {
  birth_date: Type.Optional(nullable(LocalDate)),
  notes: Type.Optional(nullable(FreeText(2000))),
  details: Type.Optional(Details),
  is_active: Type.Optional(Type.Boolean()),
}
export const NewDependentBody = shape(
  'NewDependent',
  strict({ name: Name, client_id: Type.Optional(Id), ...content }, "Without `client_id` it is one's own."),
)
export const DependentChangeBody = shape('DependentChange', strict({ name: Type.Optional(Name), ...content }))
export const DependentsQuery = strict({
  ...pageQuery,
  client_id: Type.Optional(Id),
  search: Type.Optional(FreeText(200, 'Part of the name')),
  include_inactive: Type.Optional(Type.Boolean()),
})

export function viewDependent(dependent: Dependent, { asking, organization }: Looking) {
  const { notes, details, guardians, created_at, ...shown } = dependent
  const staff = isStaff(asking)
  return {
    ...shown,
    notes: staff ? notes : null,
    details: shownDetails(organization.fields.dependent, details, staff),
    guardians: guardians.filter(({ client_id }) => staff || client_id === asking?.person_id),
    created_at: created_at.toString(),
  }
}
