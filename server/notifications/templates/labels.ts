import type { Language } from '../kinds.ts'

/** What a mail says around its text. */
interface Labels {
  details: string
  when: string
  before: string
  with: string
  for: string
  what: string
  where: string
  notes: string
  open: string
  /** Why somebody gets it. */
  ofAppointment: (organization: string) => string
  ofAccount: (organization: string) => string
}

export const labels: Record<Language, Labels> = {
  en: {
    details: 'Details',
    when: 'When',
    before: 'Before',
    with: 'With',
    for: 'For',
    what: 'What',
    where: 'Where',
    notes: 'Notes',
    open: 'Open the page',
    ofAppointment: (name) => `${name} sends you this because it is about your appointments there.`,
    ofAccount: (name) => `${name} sends you this because your e-mail address was used there.`,
  },
  de: {
    details: 'Einzelheiten',
    when: 'Wann',
    before: 'Bisher',
    with: 'Mit',
    for: 'Für',
    what: 'Was',
    where: 'Wo',
    notes: 'Notizen',
    open: 'Seite öffnen',
    ofAppointment: (name) => `${name} sendet Ihnen diese Nachricht, weil es um Ihre Termine dort geht.`,
    ofAccount: (name) =>
      `${name} sendet Ihnen diese Nachricht, weil Ihre E-Mail-Adresse dort verwendet wurde.`,
  },
  tr: {
    details: 'Ayrıntılar',
    when: 'Ne zaman',
    before: 'Önceki zaman',
    with: 'Kiminle',
    for: 'Kimin için',
    what: 'Konu',
    where: 'Nerede',
    notes: 'Notlar',
    open: 'Sayfayı aç',
    ofAppointment: (name) => `Bu ileti, randevularınızla ilgili olduğu için ${name} tarafından gönderildi.`,
    ofAccount: (name) => `Bu ileti, e-posta adresiniz kullanıldığı için ${name} tarafından gönderildi.`,
  },
}
