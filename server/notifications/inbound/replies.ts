import { wordFor } from '../commands.ts'
import type { Language } from '../kinds.ts'

/** An open appointment, as a reply names it. */
export interface Named {
  code: string
  when: string
}

/** What is answered to an SMS: one thing each, with what to do next. */
export interface Replies {
  confirmed(one: Named): string
  alreadyConfirmed(one: Named): string
  cancelled(one: Named): string
  nothing: string
  unknown(named: string): string
  which(command: 'confirm' | 'cancel', several: Named[]): string
  tooLate(one: Named): string
  notPossible(one: Named): string
  stopped(organization: string): string
  started: string
  help(organization: string): string
}

const list = (several: Named[], word: string) =>
  several.map(({ code, when }) => `${word} ${code}: ${when}`).join('\n')
const word = (language: Language) => (command: 'confirm' | 'cancel' | 'stop') => wordFor(language, command)
const [en, de, tr] = [word('en'), word('de'), word('tr')]

export const replies: Record<Language, Replies> = {
  en: {
    confirmed: ({ when }) => `Thank you. Your appointment on ${when} is confirmed.`,
    alreadyConfirmed: ({ when }) => `Your appointment on ${when} is confirmed already.`,
    cancelled: ({ when }) => `Your appointment on ${when} is cancelled.`,
    nothing: 'We know of no appointment to come for this phone.',
    unknown: (named) => `We know of no appointment ${named} to come for this phone.`,
    which: (command, several) =>
      `You have several appointments. Which one? Answer:\n${list(several, en(command))}`,
    tooLate: ({ when }) => `It is too late to change your appointment on ${when} by SMS. Please call us.`,
    notPossible: ({ when }) => `That is not possible for your appointment on ${when}. Please call us.`,
    stopped: (organization) => `You will get no more SMS from ${organization}. START brings them back.`,
    started: 'You will get SMS from us again.',
    help: (organization) =>
      `${organization}: answer ${en('confirm')} or ${en('cancel')} with the code of your appointment. ${en('stop')} ends these SMS.`,
  },
  de: {
    confirmed: ({ when }) => `Vielen Dank. Ihr Termin am ${when} ist bestätigt.`,
    alreadyConfirmed: ({ when }) => `Ihr Termin am ${when} ist schon bestätigt.`,
    cancelled: ({ when }) => `Ihr Termin am ${when} ist abgesagt.`,
    nothing: 'Zu dieser Nummer kennen wir keinen bevorstehenden Termin.',
    unknown: (named) => `Zu dieser Nummer kennen wir keinen bevorstehenden Termin ${named}.`,
    which: (command, several) =>
      `Sie haben mehrere Termine. Welchen meinen Sie? Antworten Sie:\n${list(several, de(command))}`,
    tooLate: ({ when }) =>
      `Ihr Termin am ${when} lässt sich per SMS nicht mehr ändern. Bitte rufen Sie uns an.`,
    notPossible: ({ when }) => `Das geht für Ihren Termin am ${when} nicht. Bitte rufen Sie uns an.`,
    stopped: (organization) =>
      `Sie erhalten keine SMS mehr von ${organization}. Mit START erhalten Sie wieder welche.`,
    started: 'Sie erhalten wieder SMS von uns.',
    help: (organization) =>
      `${organization}: Antworten Sie ${de('confirm')} oder ${de('cancel')} mit dem Code Ihres Termins. ${de('stop')} beendet diese SMS.`,
  },
  tr: {
    confirmed: ({ when }) => `Teşekkür ederiz. ${when} tarihli randevunuz onaylandı.`,
    alreadyConfirmed: ({ when }) => `${when} tarihli randevunuz zaten onaylanmış.`,
    cancelled: ({ when }) => `${when} tarihli randevunuz iptal edildi.`,
    nothing: 'Bu numara için yaklaşan bir randevu bulunamadı.',
    unknown: (named) => `Bu numara için yaklaşan ${named} kodlu bir randevu bulunamadı.`,
    which: (command, several) =>
      `Birden fazla randevunuz var. Hangisi? Şöyle yanıtlayın:\n${list(several, tr(command))}`,
    tooLate: ({ when }) => `${when} tarihli randevunuz artık SMS ile değiştirilemez. Lütfen bizi arayın.`,
    notPossible: ({ when }) => `${when} tarihli randevunuz için bu mümkün değil. Lütfen bizi arayın.`,
    stopped: (organization) =>
      `${organization} size artık SMS göndermeyecek. Yeniden almak için START yazın.`,
    started: 'Size yeniden SMS göndereceğiz.',
    help: (organization) =>
      `${organization}: ${tr('confirm')} veya ${tr('cancel')} yazıp randevu kodunuzu ekleyin. ${tr('stop')} bu SMS'leri durdurur.`,
  },
}
