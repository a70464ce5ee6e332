/** Letters and digits that nobody mistakes for others. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const LENGTH = 6

/**
 * By which people name an appointment in an SMS: six letters made of its id. It is looked for among the open
 * appointments of whoever has the phone, so it need be neither kept nor secret.
 */
export function codeOf(appointment_id: string): string {
  let rest = Number.parseInt(appointment_id.replaceAll('-', '').slice(-8), 16)
  let code = ''
  for (let place = 0; place < LENGTH; place++) {
    code = alphabet[rest % alphabet.length] + code
    rest = Math.floor(rest / alphabet.length)
  }
  return code
}
