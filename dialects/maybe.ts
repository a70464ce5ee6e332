import { type Static, type TSchema, Type } from 'typebox'

/**
 * What may be left out, and may also be said by null. Of one type with null, never one of two shapes: the tolerant check
 * would make an empty text of the null to fit it into the first.
 */
export function maybe<T extends TSchema>(schema: T) {
  const { type, enum: words } = schema as { type?: string; enum?: unknown[] }
  const orNull = { ...schema, type: [type, 'null'], ...(words && { enum: [...words, null] }) }
  return Type.Optional(Type.Unsafe<Static<T> | null>(orNull))
}
