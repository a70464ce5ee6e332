import { type TSchema, Type } from 'typebox'
import { FreeText, Id, shape } from '../../server/shapes.ts'
import { maybe } from '../maybe.ts'

export const Text = Type.String()
export const Count = Type.Integer()
export const byId = Type.Object({ id: Id })

export const Line = (maxLength: number, minLength = 0) =>
  Type.String({
    minLength,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
    description: `One line, up to ${maxLength} characters`,
  })

/** A name that can be read. */
export const Named = Type.String({
  ...Line(200, 1),
  pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
})

export const Minutes = Type.Integer({ minimum: 15, maximum: 480 })
export const Money = Type.Number({ minimum: 0, maximum: 9_999_999_999, multipleOf: 0.01 })

/** A date is the whole day on the practice's wall clock; a date and time without an offset is UTC. */
export const DayOrTime = Type.String({
  pattern:
    '^[12]\\d{3}-\\d\\d-\\d\\d([Tt ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?([Zz]|[+-]\\d\\d:?\\d\\d)?)?$',
  description: '2027-02-04, or 2027-02-04T10:00:00Z',
})
export const Day = Type.String({
  pattern: '^[12]\\d{3}-\\d\\d-\\d\\d([Tt ].*)?$',
  description: 'YYYY-MM-DD',
})

export const times = { created_at: Text, updated_at: Text }

export const Removed = shape('VeterinaryRemoved', Type.Object({ id: Id, message: Text }))

export const pageQuery = {
  page: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }),
  per_page: Type.Integer({ minimum: 1, maximum: 100, default: 10 }),
}

/** A page as this system counts it. */
export function pageOf<Plural extends string, T extends TSchema>(plural: Plural, item: T) {
  return Type.Object({
    [plural]: Type.Array(item),
    total: Count,
    page: Count,
    per_page: Count,
    total_pages: Count,
  } as Record<Plural, ReturnType<typeof Type.Array<T>>> &
    Record<'total' | 'page' | 'per_page' | 'total_pages', typeof Count>)
}

export interface PageAsked {
  page: number
  per_page: number
}

export function countedFrom({ page, per_page }: PageAsked) {
  return { skip: (page - 1) * per_page, limit: per_page }
}

export function pageNumbers(total: number, { page, per_page }: PageAsked) {
  return { total, page, per_page, total_pages: Math.ceil(total / per_page) }
}

/** A body that may be left out. */
export function maybeBody<T extends object>(properties: T) {
  return { type: ['object', 'null'], properties }
}

export const Notes = maybe(FreeText(2000))
