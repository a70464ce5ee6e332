import { InvalidInput } from '../server/refusal.ts'

/** A phone as people write it, as the core keeps it (E.164). An empty one is none. Throws InvalidInput for any other. */
export function phoneIn(field: string, text: string | null | undefined): string | null | undefined {
  if (text === undefined) return undefined
  const digits = text?.replaceAll(/[\s()./-]/g, '') ?? ''
  if (digits === '') return null
  if (/^\+\d{8,15}$/.test(digits)) return digits
  throw new InvalidInput([{ field, message: 'must be + and 8 to 15 digits, such as +44 1632 960001' }])
}
