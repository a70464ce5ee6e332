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

const hello = `Hello${where('recipient.name', ' {{ recipient.name }}')},`
const at = `{{ appointment.date }} at {{ appointment.time }}${zone}`
const withProvider = where('appointment.provider', ' with {{ appointment.provider }}')
const yours = `your {{ words.appointment }} on ${at}${withProvider}`
const Yours = `Your {{ words.appointment }} on ${at}${withProvider}`
const theirOwn = `{{ words.appointment }}${where('appointment.client', ' with {{ appointment.client }}')}${where('appointment.dependent', ' (for {{ appointment.dependent }})')}`
const theirs = `the ${theirOwn} on ${at}`
const Theirs = `The ${theirOwn} on ${at}`
const subject = `${where('appointment.client', '{{ appointment.client }}, ')}${at}`
const reason = where('reason', 'Reason: {{ reason }}')
const early = where(
  'appointment.arrive_minutes_early',
  'Please come {{ appointment.arrive_minutes_early }} minutes early.',
)
const inTime = 'If you cannot come, please cancel in good time: somebody else will be glad of it.'
const another = 'You are welcome to choose another time.'
const expiry = linkIsGood(
  'The link is good for one hour.',
  'The link is good for {{ link_hours }} hours.',
  'The link is good for {{ link_days }} days.',
)

const reasonShort = where('reason', ' Reason: {{ reason | truncate: 60 }}')
const earlyShort = where('appointment.arrive_minutes_early', ` ${early}`)
const confirm = `${wordFor('en', 'confirm')} {{ appointment.code }}`
const cancel = `${wordFor('en', 'cancel')} {{ appointment.code }}`
const pleaseConfirm = `{% if channel == 'push' %}Please confirm it.{% else %}Please answer ${confirm}.{% endif %}`
const answer = `{% unless channel == 'push' %} Answer ${byState('', `${confirm} or `, '')}${cancel}.{% endunless %}`

export const en: Texts = {
  'booked.client': {
    subject: byState(
      `Booked: your {{ words.appointment }} on ${at}`,
      `Please confirm your {{ words.appointment }} on ${at}`,
      `We have received your booking for ${at}`,
    ),
    content: paragraphs(
      hello,
      byState(
        `${Yours} is booked. We look forward to seeing you.`,
        `We are keeping ${at}${withProvider} for you. It is not fixed yet: please confirm that you will come.`,
        `Thank you for booking ${at}${withProvider}. It is not fixed yet: we still have to confirm it, and will tell you as soon as we have.`,
      ),
      byState(early, early, ''),
      '{{ details }}',
      inTime,
    ),
    short: byState(
      `${sender}${yours} is booked.${earlyShort}`,
      `${sender}we are keeping ${at}${withProvider} for you. ${pleaseConfirm}`,
      `${sender}${yours} still has to be confirmed by us. We will tell you.`,
    ),
  },
  'booked.provider': {
    subject: `New {{ words.appointment }}: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `You have booked ${theirs}.`,
        `{{ by.name }} has booked ${theirs}.`,
        `${Theirs} has been booked.`,
      ),
      byState(
        'It is fixed.',
        `It is not fixed yet: ${where('appointment.client', '{{ appointment.client }} ')}{% unless appointment.client %}the {{ words.client }} {% endunless %}still has to confirm it.`,
        'It is not fixed yet: please confirm or decline it.',
      ),
      '{{ details }}',
    ),
    short: `${sender}new {{ words.appointment }}: ${subject}.${byState('', ' Not confirmed yet.', ' Please confirm or decline it.')}`,
  },
  'confirmed.client': {
    subject: `Confirmed: your {{ words.appointment }} on ${at}`,
    content: paragraphs(
      hello,
      byWhom(
        `Thank you for confirming. ${Yours} is fixed.`,
        `${Yours} is confirmed.`,
        `${Yours} is confirmed.`,
      ),
      early,
      '{{ details }}',
      `We look forward to seeing you. ${inTime}`,
    ),
    short: `${sender}${yours} is confirmed.${earlyShort}`,
  },
  'confirmed.provider': {
    subject: `Confirmed: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `You have confirmed ${theirs}.`,
        `{{ by.name }} has confirmed ${theirs}.`,
        `${Theirs} is confirmed.`,
      ),
      '{{ details }}',
    ),
    short: `${sender}confirmed: ${subject}.`,
  },
  'declined.client': {
    subject: `Your {{ words.appointment }} on ${at} cannot take place`,
    content: paragraphs(
      hello,
      `We are sorry: ${yours} could not be confirmed and will not take place.`,
      reason,
      '{{ details }}',
      another,
    ),
    short: `${sender}we are sorry, ${yours} cannot take place.${reasonShort}`,
  },
  'declined.provider': {
    subject: `Declined: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `You have declined ${theirs}. The time is free again.`,
        `{{ by.name }} has declined ${theirs}. The time is free again.`,
        `${Theirs} was declined. The time is free again.`,
      ),
      reason,
      '{{ details }}',
    ),
    short: `${sender}declined: ${subject}. The time is free again.${reasonShort}`,
  },
  'cancelled.client': {
    subject: `Cancelled: your {{ words.appointment }} on ${at}`,
    content: paragraphs(
      hello,
      byWhom(
        `You have cancelled ${yours}.`,
        `We are sorry: {{ by.name }} has cancelled ${yours}.`,
        `We are sorry: ${yours} was cancelled.`,
      ),
      reason,
      '{{ details }}',
      `The time is free again. ${another}`,
    ),
    short: `${sender}${byWhom(`you have cancelled ${yours}.`, `{{ by.name }} has cancelled ${yours}.`, `${yours} was cancelled.`)}${reasonShort}`,
  },
  'cancelled.provider': {
    subject: `Cancelled: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `You have cancelled ${theirs}.`,
        `{{ by.name }} has cancelled ${theirs}.`,
        `${Theirs} was cancelled.`,
      ),
      reason,
      '{{ details }}',
      'The time is free again.',
    ),
    short: `${sender}cancelled${where('by.name', '{% unless by.is_recipient %} by {{ by.name }}{% endunless %}')}: ${subject}. The time is free again.${reasonShort}`,
  },
  'rescheduled.client': {
    subject: `Moved: your {{ words.appointment }} is now on ${at}`,
    content: paragraphs(
      hello,
      byWhom(
        'You have moved your {{ words.appointment }}.',
        '{{ by.name }} has moved your {{ words.appointment }}.',
        'Your {{ words.appointment }} has been moved.',
      ),
      `${where('before', 'It was on {{ before.date }} at {{ before.time }}. ')}The new time is ${at}${withProvider}.`,
      reason,
      byState(
        early,
        'The new time is not fixed yet: please confirm that you will come.',
        'The new time is not fixed yet: we still have to confirm it, and will tell you as soon as we have.',
      ),
      '{{ details }}',
      inTime,
    ),
    short: `${sender}your {{ words.appointment }}${where('before', ' of {{ before.date }}, {{ before.time }},')} is moved to ${at}${withProvider}.${byState('', ` ${pleaseConfirm}`, ' It still has to be confirmed by us.')}`,
  },
  'rescheduled.provider': {
    subject: `Moved: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `You have moved the ${theirOwn}.`,
        `{{ by.name }} has moved the ${theirOwn}.`,
        `The ${theirOwn} has been moved.`,
      ),
      `${where('before', 'It was on {{ before.date }} at {{ before.time }}. ')}The new time is ${at}.`,
      reason,
      byState(
        '',
        'The new time is not fixed yet: it waits to be confirmed.',
        'The new time is not fixed yet: please confirm or decline it.',
      ),
      '{{ details }}',
    ),
    short: `${sender}moved${where('before', ' from {{ before.date }}, {{ before.time }}')}: ${subject}.${byState('', ' Not confirmed yet.', ' Please confirm or decline it.')}`,
  },
  'reminder.client': {
    subject: `Reminder: your {{ words.appointment }} on ${at}`,
    content: paragraphs(
      hello,
      `This is to remind you of ${yours}.`,
      byState('', 'Please confirm that you will come.', 'It still has to be confirmed by us.'),
      early,
      '{{ details }}',
      inTime,
    ),
    short: `${sender}${yours}${placeShort}.${earlyShort}${answer}`,
  },
  'reminder.provider': {
    subject: `Reminder: ${subject}`,
    content: paragraphs(
      hello,
      `This is to remind you of ${theirs}.`,
      byState('', 'It is not confirmed yet.', 'Please confirm or decline it.'),
      '{{ details }}',
    ),
    short: `${sender}reminder: ${subject}${placeShort}.`,
  },
  'no_show.client': {
    subject: `We missed you on {{ appointment.date }}`,
    content: paragraphs(
      hello,
      `We expected you for ${yours}, and did not see you.`,
      'If something got in the way, you are welcome to choose another time. If we are mistaken, please tell us.',
      '{{ details }}',
    ),
    short: `${sender}we missed you: ${yours}. You are welcome to choose another time.`,
  },
  'no_show.provider': {
    subject: `Did not come: ${subject}`,
    content: paragraphs(
      hello,
      `Nobody came for ${theirs}. It is recorded as missed.`,
      'If that is a mistake, please have it put right.',
      '{{ details }}',
    ),
    short: `${sender}did not come: ${subject}.`,
  },
  'summary.provider': {
    subject: `Your day${where('day', ': {{ day }}')}`,
    content: paragraphs(
      hello,
      `{% if appointments.size > 0 %}This is what ${where('day', '{{ day }}')}{% unless day %}the day{% endunless %} holds for you.{% else %}Nothing is booked${where('day', ' for {{ day }}')}.{% endif %}`,
      '{{ details }}',
    ),
    short: `${sender}{% if appointments.size > 0 %}${where('day', '{{ day }}: ')}{{ appointments.size }} booked, the first at {{ appointments[0].time }}.{% else %}nothing is booked${where('day', ' for {{ day }}')}.{% endif %}`,
  },
  'follow_up.client': {
    subject: `Time to come again${where('appointment.dependent', ' with {{ appointment.dependent }}')}`,
    content: paragraphs(
      hello,
      `After ${yours} it is time to come again${where('appointment.dependent', ' with {{ appointment.dependent }}')}.`,
      'Please choose a time that suits you. We look forward to seeing you.',
      '{{ details }}',
    ),
    short: `${sender}it is time to come again${where('appointment.dependent', ' with {{ appointment.dependent }}')}. Please book a time that suits you.`,
  },
  'verification.account': {
    subject: 'Please confirm your e-mail address',
    // Nobody is named: whoever signed up with somebody else's address could make us say anything in a name.
    content: paragraphs(
      'Hello,',
      'An account at {{ organization.name }} was made with this e-mail address. Please confirm that the address is yours.',
      "{{ link | button: 'Confirm the address' }}",
      `${expiry} If it was not you, you need not do anything.`,
    ),
    short: `${sender}please confirm your e-mail address by the link in our mail.`,
  },
  'invitation.account': {
    subject: 'Your account at {{ organization.name }}',
    content: paragraphs(
      hello,
      'You are invited to {{ organization.name }}: an account has been made for you. Please choose a password, and you can log in.',
      "{{ link | button: 'Choose a password' }}",
      `${expiry} If you did not expect this, you need not do anything.`,
    ),
    short: `${sender}an account has been made for you. Please choose a password by the link in our mail.`,
  },
  'password_reset.account': {
    subject: 'Choose a new password',
    content: paragraphs(
      hello,
      'You, or somebody else, asked for a new password for your account at {{ organization.name }}.',
      "{{ link | button: 'Choose a new password' }}",
      `${expiry} If it was not you, you need not do anything: your password stays as it is.`,
    ),
    short: `${sender}choose a new password by the link in our mail. If it was not you, ignore it.`,
  },
  'known_address.account': {
    subject: 'You already have an account',
    content: paragraphs(
      'Hello,',
      'You, or somebody else, tried to sign up at {{ organization.name }} with this e-mail address. There already is an account with it, so none was made.',
      'If it was you, please log in as usual. If you do not know your password any more, ask for a new one where you log in.',
      "{{ link | button: 'Log in' }}",
      'If it was not you, you need not do anything: nothing has changed.',
    ),
    short: `${sender}you already have an account. Please log in, or ask for a new password.`,
  },
}
