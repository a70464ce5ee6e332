import { type TSchema, Type } from 'typebox'
import { nullable, shape } from '../../server/shapes.ts'

/** Every answer of this system has the same four parts. */
export function enveloped<T extends TSchema>(data: T) {
  return Type.Object({ success: Type.Boolean(), data, message: Type.String(), version: Type.String() })
}

/** Puts what is to be said into the envelope of a version. */
export type Say = <T>(
  data: T,
  message?: string,
) => { success: boolean; data: T; message: string; version: string }

export function sayer(version: string): Say {
  return (data, message = '') => ({ success: true, data, message, version })
}

export const VeterinaryFailure = shape(
  'VeterinaryFailure',
  Type.Object({
    success: Type.Boolean(),
    error: Type.Object({
      code: Type.String({ description: 'For programs: it never changes' }),
      message: Type.String({ description: 'What is wrong, and what would be right' }),
      details: nullable(Type.Unknown({ description: 'Which fields are wrong, or what stands in the way' })),
      request_id: Type.String(),
    }),
    timestamp: Type.String(),
  }),
)
