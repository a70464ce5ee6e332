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
import type { Fields } from '../../presets/preset.ts'
import { shownDetails } from '../organizations/fields.ts'
import { type Actor, isStaff } from '../permissions.ts'
import type { Client } from './clients.ts'
import type { Member } from './members.ts'
import type { Provider } from './providers.ts'

const PhotoUrl = nullable(Type.String({ description: 'Where the photo is: a path' }))
export const PhotoBody = shape(
  'PhotoUpload',
  strict({
    file: Type.Unsafe<unknown>({
      contentMediaType: 'image/*',
      description: 'A JPEG, PNG, GIF or WebP of at most 5 MiB',
    }),
  }),
)

export const ProviderShape = shape(
  'Provider',
  strict({
    id: Id,
    name: Type.String(),
    bio: nullable(Type.String()),
    details: Details,
    is_active: Type.Boolean({ description: 'Whether they can be booked' }),
    photo_url: PhotoUrl,
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
    photo_url: PhotoUrl,
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

/** Who looks: the request has both. */
export interface Looking {
  asking: Actor | null
  organization: { fields: Fields }
}

export function viewProvider(provider: Provider, { asking, organization }: Looking) {
  return {
    ...provider,
    details: shownDetails(organization.fields.provider, provider.details, isStaff(asking)),
  }
}

/** The notes are the desk's own. */
export function viewClient(client: Client, { asking, organization }: Looking) {
  const { id, name, email, phone, locale, notes, no_show_count, is_blocked, photo_url, created_at } = client
  return {
    id,
    name,
    email,
    phone,
    locale,
    notes: isStaff(asking) ? notes : null,
    details: shownDetails(organization.fields.client, client.details, isStaff(asking)),
    no_show_count,
    is_blocked,
    photo_url,
    created_at: `${created_at}`,
  }
}

export function viewMember({ assigned_at, ...member }: Member) {
  return { ...member, assigned_at: assigned_at.toString() }
}
