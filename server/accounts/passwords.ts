import { hash, verify } from '@node-rs/argon2'
import { compare } from 'bcryptjs'
import { InvalidInput } from '../refusal.ts'

/** OWASP's minimum for argon2id: 19 MiB, two passes. */
const strength = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export function hashPassword(password: string): Promise<string> {
  return hash(password, strength)
}

/**
 * Whether the password is the account's. Without a hash (no such account, or none set yet) it takes as long and says
 * no. Hashes of bcrypt, as older systems made them, are accepted; `isOutdated` asks for a new hash.
 */
export async function checkPassword(
  password: string,
  password_hash: string | null | undefined,
): Promise<{ isRight: boolean; isOutdated: boolean }> {
  if (password_hash?.startsWith('$2')) {
    return { isRight: await compare(password, password_hash), isOutdated: true }
  }
  const isRight = await verify(password_hash ?? (await nobodysHash()), password)
  return { isRight: isRight && password_hash !== null && password_hash !== undefined, isOutdated: false }
}

/** Throws InvalidInput for a password that the organization's rules do not accept. */
export function requireGoodPassword(
  field: string,
  password: string,
  rules: { password_needs_classes: boolean },
): void {
  if (password.length < 8 || password.length > 128) {
    throw new InvalidInput([{ field, message: 'must have 8 to 128 characters' }])
  }
  if (!rules.password_needs_classes) return
  const hasAll = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{L}\p{N}\s]/u].every((kind) => kind.test(password))
  if (!hasAll) {
    throw new InvalidInput([
      { field, message: 'needs an upper-case letter, a lower-case letter, a digit and a sign' },
    ])
  }
}

let nobodys: Promise<string> | undefined
function nobodysHash(): Promise<string> {
  return (nobodys ??= hashPassword(crypto.randomUUID()))
}
