import type { Language } from './kinds.ts'

export type Command = 'confirm' | 'cancel' | 'stop' | 'help'

/**
 * What people answer to an SMS. The first of each is what our messages say, the others are understood as well; the
 * English words are understood in every language. None has letters that an SMS would have to be made shorter for.
 */
export const commandWords: Record<Language, Record<Command, string[]>> = {
  en: {
    confirm: ['CONFIRM', 'YES', 'Y', 'OK'],
    cancel: ['CANCEL', 'NO', 'N'],
    stop: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'END', 'QUIT'],
    help: ['HELP', 'INFO'],
  },
  de: {
    confirm: ['BESTAETIGEN', 'BESTÄTIGEN', 'BESTAETIGE', 'BESTÄTIGE', 'JA'],
    cancel: ['ABSAGEN', 'ABSAGE', 'STORNIEREN', 'NEIN'],
    stop: ['STOPP', 'ENDE', 'ABMELDEN'],
    help: ['HILFE'],
  },
  tr: {
    confirm: ['ONAYLA', 'ONAY', 'EVET'],
    cancel: ['IPTAL', 'İPTAL', 'HAYIR'],
    stop: ['DUR', 'DURDUR'],
    help: ['YARDIM'],
  },
}

/** The word that a message asks for. */
export const wordFor = (language: Language, command: Command): string => commandWords[language][command][0]!
