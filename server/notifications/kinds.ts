import type { MessageKind } from '../../presets/preset.ts'

export const channels = ['email', 'sms', 'push'] as const
export type Channel = (typeof channels)[number]

export const languages = ['en', 'de', 'tr'] as const
export type Language = (typeof languages)[number]

/** What is said of an account, to whose it is: by e-mail, whatever an organization's rules say. */
export const accountKinds = ['verification', 'invitation', 'password_reset', 'known_address'] as const
export type AccountKind = (typeof accountKinds)[number]

export type Kind = MessageKind | 'reminder' | AccountKind
export type Audience = 'client' | 'provider' | 'account'

/** Which messages there are, and to whom each is written. */
export const audiencesOf = {
  booked: ['client', 'provider'],
  confirmed: ['client', 'provider'],
  declined: ['client', 'provider'],
  cancelled: ['client', 'provider'],
  rescheduled: ['client', 'provider'],
  reminder: ['client', 'provider'],
  no_show: ['client', 'provider'],
  summary: ['provider'],
  follow_up: ['client'],
  verification: ['account'],
  invitation: ['account'],
  password_reset: ['account'],
  known_address: ['account'],
} as const satisfies Record<Kind, readonly Audience[]>
export const kinds = Object.keys(audiencesOf) as Kind[]

/** The language of ours that is nearest to a locale; English where there is none. */
export function languageOf(locale: string | null): Language {
  const language = locale?.slice(0, 2).toLowerCase()
  return languages.find((known) => known === language) ?? 'en'
}
