import { type Static, type TSchema, Type } from 'typebox'

const named = new Map<string, TSchema>()

/** Gives a shape its name: it appears under it in the OpenAPI document and is referred to, never repeated. */
export function shape<T extends TSchema>(name: string, schema: T): T {
  if (named.has(name)) throw new Error(`two shapes are called ${name}`)
  const withName = { ...schema, $id: name, title: name }
  named.set(name, withName)
  return withName
}

/** Every named shape, for the server to register. */
export function namedShapes(): TSchema[] {
  return [...named.values()]
}

/** Refers to a named shape. */
export function ref<T extends TSchema>(schema: T) {
  const { $id } = schema as { $id?: string }
  if (!$id) throw new Error('only a named shape can be referred to')
  return Type.Unsafe<Static<T>>({ $ref: `${$id}#` })
}

/** An object in which nothing unknown may stand: core bodies are strict. */
export function strict<P extends Record<string, TSchema>>(properties: P, description?: string) {
  return Type.Object(properties, { additionalProperties: false, ...(description && { description }) })
}

export function nullable<T extends TSchema>(schema: T) {
  return Type.Unsafe<Static<T> | null>({ anyOf: [schema, { type: 'null' }] })
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[], description?: string) {
  return Type.Unsafe<T>({ type: 'string', enum: [...words], ...(description && { description }) })
}

export const Id = Type.String({ format: 'uuid', description: 'UUID' })
/** In: any offset. Out: UTC with `Z`. Years and fractions as far as both PostgreSQL and Temporal can follow. */
export const Instant = Type.String({
  format: 'date-time',
  pattern: '^[12]\\d{3}-[^.]*(\\.\\d{1,9})?[^.]*$',
  description: 'RFC 3339, with an offset; years 1000 to 2999',
})
/** An instant that came in as text; what was not said stays so. */
export function instantIn(text: string): Temporal.Instant
export function instantIn(text: string | undefined): Temporal.Instant | undefined
export function instantIn(text: string | undefined): Temporal.Instant | undefined {
  return text === undefined ? undefined : Temporal.Instant.from(text)
}

export const LocalDate = Type.String({
  format: 'date',
  pattern: '^[12]\\d{3}-',
  description: 'YYYY-MM-DD; years 1000 to 2999',
})
export const TimeOfDay = Type.String({
  pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$',
  description: "HH:MM on the wall clock; '24:00' is the next midnight",
})
export const Email = Type.String({ format: 'email', maxLength: 254 })
export const Phone = Type.String({ pattern: '^\\+[0-9]{8,15}$', description: 'E.164: + and 8 to 15 digits' })
export const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
})
/** Any characters but NUL and halves of a surrogate pair, which PostgreSQL cannot keep. */
export const storable = '^[^\\u0000\\ud800-\\udfff]*$'
export const FreeText = (maxLength: number, description?: string) =>
  Type.String({ maxLength, pattern: storable, ...(description && { description }) })
export const TimeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'IANA name, such as Europe/London',
})
export const Locale = Type.String({ pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$', maxLength: 35 })
export const Details = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), {
  description: "Values of the trade's own fields, by name",
})

export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: 'next_cursor of the page before' })),
}

/** A page of a list. */
export function pageOf<T extends TSchema>(name: string, item: T) {
  return shape(name, strict({ items: Type.Array(ref(item)), next_cursor: nullable(Type.String()) }))
}
