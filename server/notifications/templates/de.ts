import { wordFor } from '../commands.ts'
import {
  byState,
  byWhom,
  linkIsGood,
  paragraphs,
  placeShort,
  sender,
  type Texts,
  where,
  zone,
} from './text.ts'

// The trade's own words would need articles and cases that nobody can know: "Termin" fits all.
const hello = `Guten Tag${where('recipient.name', ' {{ recipient.name }}')},`
const at = `{{ appointment.date }} um {{ appointment.time }} Uhr${zone}`
const withProvider = where('appointment.provider', ' mit {{ appointment.provider }}')
const yours = `Ihr Termin am ${at}${withProvider}`
const yourTerm = `Ihren Termin am ${at}${withProvider}`
const withClient = `${where('appointment.client', ' mit {{ appointment.client }}')}${where('appointment.dependent', ' (für {{ appointment.dependent }})')}`
const nominative = `der Termin${withClient} am ${at}`
const accusative = `den Termin${withClient} am ${at}`
const subject = `${where('appointment.client', '{{ appointment.client }}, ')}${at}`
const reason = where('reason', 'Grund: {{ reason }}')
const early = where(
  'appointment.arrive_minutes_early',
  'Bitte kommen Sie {{ appointment.arrive_minutes_early }} Minuten früher.',
)
const inTime =
  'Falls Sie nicht kommen können, sagen Sie bitte rechtzeitig ab: Jemand anderes freut sich darüber.'
const another = 'Sie können gern einen anderen Termin wählen.'
const free = 'Die Zeit ist wieder frei.'
const weTell = 'Wir müssen ihn noch bestätigen und geben Ihnen dann sofort Bescheid.'
const expiry = linkIsGood(
  'Der Link gilt eine Stunde.',
  'Der Link gilt {{ link_hours }} Stunden.',
  'Der Link gilt {{ link_days }} Tage.',
)
const before = where('before', 'Bisher war er am {{ before.date }} um {{ before.time }} Uhr. ')

const reasonShort = where('reason', ' Grund: {{ reason | truncate: 60 }}')
const earlyShort = where('appointment.arrive_minutes_early', ` ${early}`)
const confirm = `${wordFor('de', 'confirm')} {{ appointment.code }}`
const cancel = `${wordFor('de', 'cancel')} {{ appointment.code }}`
const pleaseConfirm = `{% if channel == 'push' %}Bitte bestätigen Sie ihn.{% else %}Bitte antworten Sie ${confirm}.{% endif %}`
const answer = `{% unless channel == 'push' %} Antworten Sie ${byState('', `${confirm} oder `, '')}${cancel}.{% endunless %}`
const stateShort = byState('', ' Noch nicht bestätigt.', ' Bitte bestätigen Sie ihn oder lehnen Sie ihn ab.')

export const de: Texts = {
  'booked.client': {
    subject: byState(
      `Gebucht: Ihr Termin am ${at}`,
      `Bitte bestätigen Sie Ihren Termin am ${at}`,
      `Ihre Buchung für den ${at} ist eingegangen`,
    ),
    content: paragraphs(
      hello,
      byState(
        `${yours} ist gebucht. Wir freuen uns auf Sie.`,
        `wir halten Ihnen den ${at}${withProvider} frei. Der Termin steht noch nicht fest: Bitte bestätigen Sie, dass Sie kommen.`,
        `vielen Dank für Ihre Buchung: ${at}${withProvider}. Der Termin steht noch nicht fest. ${weTell}`,
      ),
      byState(early, early, ''),
      '{{ details }}',
      inTime,
    ),
    short: byState(
      `${sender}${yours} ist gebucht.${earlyShort}`,
      `${sender}${yours} steht noch nicht fest. ${pleaseConfirm}`,
      `${sender}${yours} muss noch von uns bestätigt werden. Wir geben Bescheid.`,
    ),
  },
  'booked.provider': {
    subject: `Neuer Termin: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `Sie haben ${accusative} gebucht.`,
        `{{ by.name }} hat ${accusative} gebucht.`,
        `${nominative} wurde gebucht.`,
      ),
      byState(
        'Er steht fest.',
        `Er steht noch nicht fest: Die Bestätigung${where('appointment.client', ' von {{ appointment.client }}')} fehlt noch.`,
        'Er steht noch nicht fest: Bitte bestätigen Sie ihn oder lehnen Sie ihn ab.',
      ),
      '{{ details }}',
    ),
    short: `${sender}Neuer Termin: ${subject}.${stateShort}`,
  },
  'confirmed.client': {
    subject: `Bestätigt: Ihr Termin am ${at}`,
    content: paragraphs(
      hello,
      byWhom(
        `vielen Dank für Ihre Bestätigung. ${yours} steht fest.`,
        `${yours} ist bestätigt.`,
        `${yours} ist bestätigt.`,
      ),
      early,
      '{{ details }}',
      `Wir freuen uns auf Sie. ${inTime}`,
    ),
    short: `${sender}${yours} ist bestätigt.${earlyShort}`,
  },
  'confirmed.provider': {
    subject: `Bestätigt: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `Sie haben ${accusative} bestätigt.`,
        `{{ by.name }} hat ${accusative} bestätigt.`,
        `${nominative} ist bestätigt.`,
      ),
      '{{ details }}',
    ),
    short: `${sender}Bestätigt: ${subject}.`,
  },
  'declined.client': {
    subject: `Ihr Termin am ${at} kann nicht stattfinden`,
    content: paragraphs(
      hello,
      `es tut uns leid: ${yours} konnte nicht bestätigt werden und findet nicht statt.`,
      reason,
      '{{ details }}',
      another,
    ),
    short: `${sender}${yours} kann leider nicht stattfinden.${reasonShort}`,
  },
  'declined.provider': {
    subject: `Abgelehnt: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `Sie haben ${accusative} abgelehnt. ${free}`,
        `{{ by.name }} hat ${accusative} abgelehnt. ${free}`,
        `${nominative} wurde abgelehnt. ${free}`,
      ),
      reason,
      '{{ details }}',
    ),
    short: `${sender}Abgelehnt: ${subject}. ${free}${reasonShort}`,
  },
  'cancelled.client': {
    subject: `Abgesagt: Ihr Termin am ${at}`,
    content: paragraphs(
      hello,
      byWhom(
        `Sie haben ${yourTerm} abgesagt.`,
        `es tut uns leid: {{ by.name }} hat ${yourTerm} abgesagt.`,
        `es tut uns leid: ${yours} wurde abgesagt.`,
      ),
      reason,
      '{{ details }}',
      `${free} ${another}`,
    ),
    short: `${sender}${byWhom(`Sie haben ${yourTerm} abgesagt.`, `{{ by.name }} hat ${yourTerm} abgesagt.`, `${yours} wurde abgesagt.`)}${reasonShort}`,
  },
  'cancelled.provider': {
    subject: `Abgesagt: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `Sie haben ${accusative} abgesagt.`,
        `{{ by.name }} hat ${accusative} abgesagt.`,
        `${nominative} wurde abgesagt.`,
      ),
      reason,
      '{{ details }}',
      free,
    ),
    short: `${sender}Abgesagt${where('by.name', '{% unless by.is_recipient %} von {{ by.name }}{% endunless %}')}: ${subject}. ${free}${reasonShort}`,
  },
  'rescheduled.client': {
    subject: `Verschoben: Ihr Termin ist jetzt am ${at}`,
    content: paragraphs(
      hello,
      byWhom(
        'Sie haben Ihren Termin verschoben.',
        '{{ by.name }} hat Ihren Termin verschoben.',
        'Ihr Termin wurde verschoben.',
      ),
      `${before}Der neue Termin ist am ${at}${withProvider}.`,
      reason,
      byState(
        early,
        'Der neue Termin steht noch nicht fest: Bitte bestätigen Sie, dass Sie kommen.',
        `Der neue Termin steht noch nicht fest. ${weTell}`,
      ),
      '{{ details }}',
      inTime,
    ),
    short: `${sender}Ihr Termin${where('before', ' vom {{ before.date }}, {{ before.time }} Uhr,')} ist verschoben auf ${at}${withProvider}.${byState('', ` ${pleaseConfirm}`, ' Wir müssen ihn noch bestätigen.')}`,
  },
  'rescheduled.provider': {
    subject: `Verschoben: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `Sie haben den Termin${withClient} verschoben.`,
        `{{ by.name }} hat den Termin${withClient} verschoben.`,
        `der Termin${withClient} wurde verschoben.`,
      ),
      `${before}Der neue Termin ist am ${at}.`,
      reason,
      byState(
        '',
        'Der neue Termin steht noch nicht fest: Die Bestätigung fehlt noch.',
        'Der neue Termin steht noch nicht fest: Bitte bestätigen Sie ihn oder lehnen Sie ihn ab.',
      ),
      '{{ details }}',
    ),
    short: `${sender}Verschoben${where('before', ' vom {{ before.date }}, {{ before.time }} Uhr')}: ${subject}.${stateShort}`,
  },
  'reminder.client': {
    subject: `Erinnerung: Ihr Termin am ${at}`,
    content: paragraphs(
      hello,
      `wir erinnern Sie an ${yourTerm}.`,
      byState('', 'Bitte bestätigen Sie, dass Sie kommen.', 'Wir müssen ihn noch bestätigen.'),
      early,
      '{{ details }}',
      inTime,
    ),
    short: `${sender}${yours}${placeShort}.${earlyShort}${answer}`,
  },
  'reminder.provider': {
    subject: `Erinnerung: ${subject}`,
    content: paragraphs(
      hello,
      `wir erinnern Sie an ${accusative}.`,
      byState('', 'Er ist noch nicht bestätigt.', 'Bitte bestätigen Sie ihn oder lehnen Sie ihn ab.'),
      '{{ details }}',
    ),
    short: `${sender}Erinnerung: ${subject}${placeShort}.`,
  },
  'no_show.client': {
    subject: 'Wir haben Sie am {{ appointment.date }} vermisst',
    content: paragraphs(
      hello,
      `wir haben Sie am ${at} erwartet und nicht gesehen.`,
      `Falls Ihnen etwas dazwischengekommen ist: ${another} Falls wir uns irren, sagen Sie es uns bitte.`,
      '{{ details }}',
    ),
    short: `${sender}Wir haben Sie am ${at} vermisst. ${another}`,
  },
  'no_show.provider': {
    subject: `Nicht gekommen: ${subject}`,
    content: paragraphs(
      hello,
      `zu Ihrem Termin${withClient} am ${at} ist niemand gekommen. Er ist als versäumt vermerkt.`,
      'Falls das nicht stimmt, lassen Sie es bitte berichtigen.',
      '{{ details }}',
    ),
    short: `${sender}Nicht gekommen: ${subject}.`,
  },
  'summary.provider': {
    subject: `Ihr Tag${where('day', ': {{ day }}')}`,
    content: paragraphs(
      hello,
      `{% if appointments.size > 0 %}das sind Ihre Termine${where('day', ' am {{ day }}')}.{% else %}${where('day', 'am {{ day }} ')}haben Sie keine Termine.{% endif %}`,
      '{{ details }}',
    ),
    short: `${sender}{% if appointments.size > 0 %}${where('day', '{{ day }}: ')}{{ appointments.size }} gebucht, Beginn um {{ appointments[0].time }} Uhr.{% else %}${where('day', '{{ day }}: ')}keine Termine.{% endif %}`,
  },
  'follow_up.client': {
    subject: `Zeit für den nächsten Termin${where('appointment.dependent', ' für {{ appointment.dependent }}')}`,
    content: paragraphs(
      hello,
      `nach Ihrem Termin am ${at}${withProvider} ist es Zeit für den nächsten${where('appointment.dependent', ' ({{ appointment.dependent }})')}.`,
      'Bitte wählen Sie eine Zeit, die Ihnen passt. Wir freuen uns auf Sie.',
      '{{ details }}',
    ),
    short: `${sender}Es ist Zeit für den nächsten Termin${where('appointment.dependent', ' für {{ appointment.dependent }}')}. Bitte wählen Sie eine Zeit, die Ihnen passt.`,
  },
  'verification.account': {
    subject: 'Bitte bestätigen Sie Ihre E-Mail-Adresse',
    // Nobody is named: whoever signed up with somebody else's address could make us say anything in a name.
    content: paragraphs(
      'Guten Tag,',
      'mit dieser E-Mail-Adresse wurde bei {{ organization.name }} ein Konto angelegt. Bitte bestätigen Sie, dass es Ihre Adresse ist.',
      "{{ link | button: 'Adresse bestätigen' }}",
      `${expiry} Falls Sie das nicht waren, brauchen Sie nichts zu tun.`,
    ),
    short: `${sender}Bitte bestätigen Sie Ihre E-Mail-Adresse über den Link in unserer E-Mail.`,
  },
  'invitation.account': {
    subject: 'Ihr Konto bei {{ organization.name }}',
    content: paragraphs(
      hello,
      'Sie sind zu {{ organization.name }} eingeladen: Für Sie wurde ein Konto angelegt. Bitte wählen Sie ein Passwort, dann können Sie sich anmelden.',
      "{{ link | button: 'Passwort wählen' }}",
      `${expiry} Falls Sie damit nicht gerechnet haben, brauchen Sie nichts zu tun.`,
    ),
    short: `${sender}Für Sie wurde ein Konto angelegt. Bitte wählen Sie ein Passwort über den Link in unserer E-Mail.`,
  },
  'password_reset.account': {
    subject: 'Wählen Sie ein neues Passwort',
    content: paragraphs(
      hello,
      'für Ihr Konto bei {{ organization.name }} wurde um ein neues Passwort gebeten.',
      "{{ link | button: 'Neues Passwort wählen' }}",
      `${expiry} Falls Sie das nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist.`,
    ),
    short: `${sender}Wählen Sie ein neues Passwort über den Link in unserer E-Mail. Falls Sie das nicht waren, tun Sie nichts.`,
  },
  'known_address.account': {
    subject: 'Sie haben schon ein Konto',
    content: paragraphs(
      'Guten Tag,',
      'jemand hat versucht, bei {{ organization.name }} mit dieser E-Mail-Adresse ein Konto anzulegen. Es gibt schon eines, darum wurde keines angelegt.',
      'Falls Sie das waren, melden Sie sich bitte wie gewohnt an. Wenn Sie Ihr Passwort nicht mehr wissen, fordern Sie bei der Anmeldung ein neues an.',
      "{{ link | button: 'Zur Anmeldung' }}",
      'Falls Sie das nicht waren, brauchen Sie nichts zu tun: Es hat sich nichts geändert.',
    ),
    short: `${sender}Sie haben schon ein Konto. Bitte melden Sie sich an, oder fordern Sie ein neues Passwort an.`,
  },
}
