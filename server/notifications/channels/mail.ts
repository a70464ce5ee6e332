import type { SendMailOptions } from 'nodemailer'
import type { Outgoing } from './channel.ts'

/** A mail in its parts, as SMTP takes it: the library writes names and lines so that nothing can be put into its head. */
export function mailOf(
  { id, to, from_name, subject, text, html, calendar }: Outgoing,
  sender: { from: string; from_name?: string },
): SendMailOptions {
  return {
    from: { name: sender.from_name ?? from_name, address: sender.from },
    to: { name: to.name, address: to.address },
    subject,
    text,
    html,
    // The same each time that it is tried: whoever gets it twice sees one.
    messageId: messageIdOf(id, sender.from),
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...(calendar && {
      icalEvent: { method: calendar.method, filename: FILENAME, content: calendar.content },
    }),
  }
}

export const FILENAME = 'appointment.ics'

export function messageIdOf(id: string, from: string): string {
  return `<${id}@${from.split('@').at(-1) || 'localhost'}>`
}
