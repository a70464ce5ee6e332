import { createHmac, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../../refusal.ts'

export class SignatureWrong extends Refusal {
  readonly code = 'signature_wrong'
  readonly status = 403
}

export type Form = Record<string, string | string[]>

/** Twilio's: base64 of HMAC-SHA1, under the account's token, of the address and each field's name and value, by name. */
export function signatureOf(auth_token: string, url: string, form: Form): string {
  const fields = Object.keys(form)
    .toSorted()
    .flatMap((name) => [form[name]!].flat().map((value) => name + value))
  return createHmac('sha1', auth_token)
    .update(url + fields.join(''))
    .digest('base64')
}

/** Refuses what is not signed by whoever has the token, for one of the addresses that are ours. */
export function requireSignature(
  auth_token: string | undefined,
  signature: string | undefined,
  urls: string[],
  form: Form,
): void {
  if (!auth_token) {
    throw new SignatureWrong(
      'Nothing can be received: TWILIO_AUTH_TOKEN is not set, so no signature can be checked.',
    )
  }
  if (!signature) throw new SignatureWrong('The header X-Twilio-Signature is missing.')
  const given = Buffer.from(signature)
  const isRight = urls.some((url) => {
    const expected = Buffer.from(signatureOf(auth_token, url, form))
    return expected.length === given.length && timingSafeEqual(expected, given)
  })
  if (!isRight) throw new SignatureWrong('The signature is not right for this address and content.')
}
