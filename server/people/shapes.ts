import { Type } from 'typebox'
import {
  Details,
  Email,
  FreeText,
  Id,
  Instant,
  Locale,
  Name,
  nullable,
  pageOf,
  pageQuery,
  Phone,
  ref,
  shape,
  strict,
} from '../shapes.ts'
import type { Client } from './clients.ts'
import type { Member } from './members.ts'

export const ProviderShape = shape(
  'Provider',
  strict({
    id: Id,
    name: Type.String(),
    bio: nullable(Type.String()),
    details: Details,
    is_active: Type.Boolean({ description: 'Whether they can be booked' }),
  }),
)
export const ProviderPage = pageOf('ProviderPage', ProviderShape)

const providerContent = {
  bio: Type.Optional(nullable(FreeText(2000))),
  details: Type.Optional(Details),
  is_active: Type.Optional(Type.Boolean()),
}
export const NewProviderBody = shape(
  'NewProvider',
  strict({ name: Name, email: Type.Optional(Email), phone: Type.Optional(Phone), ...providerContent }),
)
export const ProviderChangeBody = shape(
  'ProviderChange',
  strict({ name: Type.Optional(Name), ...providerContent }),
)
export const ProvidersQuery = strict({
  ...pageQuery,
  location_id: Type.Optional(Id),
  include_inactive: Type.Optional(Type.Boolean()),
})

export const MemberShape = shape(
  'Member',
  strict({
    person_id: Id,
    name: Type.String(),
    position: nullable(Type.String()),
    is_primary: Type.Boolean({ description: 'Whether it is the main one of the locations where they work' }),
    assigned_at: Instant,
  }),
)
export const MemberList = shape(
  'MemberList',
  strict({ items: Type.Array(ref(MemberShape)), next_cursor: Type.Null() }),
)
export const MemberBody = shape(
  'MemberChange',
  strict({ position: Type.Optional(nullable(FreeText(100))), is_primary: Type.Optional(Type.Boolean()) }),
)

export const ClientShape = shape(
  'Client',
  strict({
    id: Id,
    name: Type.String(),
    email: nullable(Type.String()),
    phone: nullable(Type.String()),
    locale: nullable(Type.String()),
    notes: nullable(Type.String()),
    details: Details,
    no_show_count: Type.Integer(),
    is_blocked: Type.Boolean(),
    created_at: Instant,
  }),
)
export const ClientPage = pageOf('ClientPage', ClientShape)

const clientContent = {
  email: Type.Optional(nullable(Email)),
  phone: Type.Optional(nullable(Phone)),
  locale: Type.Optional(nullable(Locale)),
  notes: Type.Optional(nullable(FreeText(2000))),
  details: Type.Optional(Details),
}
export const NewClientBody = shape('NewClient', strict({ name: Name, ...clientContent }))
export const ClientChangeBody = shape('ClientChange', strict({ name: Type.Optional(Name), ...clientContent }))
export const ClientsQuery = strict({
  ...pageQuery,
  search: Type.Optional(FreeText(200, 'Part of the name, the address or the phone')),
  phone: Type.Optional(FreeText(20)),
})

export function viewClient(client: Client) {
  const { id, name, email, phone, locale, notes, details, no_show_count, is_blocked, created_at } = client
  return {
    id,
    name,
    email,
    phone,
    locale,
    notes,
    details,
    no_show_count,
    is_blocked,
    created_at: `${created_at}`,
  }
}

export function viewMember({ assigned_at, ...member }: Member) {
  return { ...member, assigned_at: assigned_at.toString() }
}
