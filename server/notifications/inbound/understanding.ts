import { type Command, commandWords } from '../commands.ts'
import type { Language } from '../kinds.ts'

export interface Understood {
  command: Command | 'start' | null
  /** The code or the id of an appointment, as it was typed; empty where there is none. */
  named: string
}

const startWords = new Set(['START', 'UNSTOP'])

/** What somebody means by an SMS: a word of their language or of English, and the appointment that it is about. */
export function understand(text: string, language: Language): Understood {
  const [word = '', ...rest] = folded(text)
    .split(/[\s:,.;!]+/)
    .filter(Boolean)
  const named = rest.join('').replaceAll(/[^A-Z0-9-]/g, '')
  if (startWords.has(word)) return { command: 'start', named }
  for (const words of [commandWords[language], commandWords.en]) {
    for (const [command, meaning] of Object.entries(words) as [Command, string[]][]) {
      if (meaning.some((known) => folded(known) === word)) return { command, named }
    }
  }
  return { command: null, named }
}

/** Capitals without marks, as phones write them in any language: the i without a dot is one with it. */
function folded(text: string): string {
  return text.trim().normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('ı', 'i').toUpperCase()
}
