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

// Suffixes follow the sounds of a word: names and the trade's own words only stand where they need none.
const hello = `Sayın ${where('recipient.name', '{{ recipient.name }}')}{% unless recipient.name %}ilgili{% endunless %},`
const at = `{{ appointment.date }}, saat {{ appointment.time }}${zone}`
const withProvider = where('appointment.provider', ' ({{ appointment.provider }} ile)')
const withClient = `${where('appointment.client', ' ({{ appointment.client }} ile')}${where('appointment.dependent', '{% if appointment.client %}, {% else %} ({% endif %}{{ appointment.dependent }} için')}{% if appointment.client or appointment.dependent %}){% endif %}`
const subject = `${where('appointment.client', '{{ appointment.client }}, ')}${at}`
const time = `Randevu zamanı: ${at}${withProvider}.`
const theirTime = `Randevu: ${at}${withClient}.`
const reason = where('reason', 'Gerekçe: {{ reason }}')
const early = where(
  'appointment.arrive_minutes_early',
  'Lütfen {{ appointment.arrive_minutes_early }} dakika erken geliniz.',
)
const inTime = 'Gelemeyecekseniz lütfen zamanında iptal ediniz; bu saat bir başkasına verilebilsin.'
const another = 'Dilerseniz başka bir zaman seçebilirsiniz.'
const free = 'Bu saat yeniden boş.'
const weTell = 'Randevu henüz kesin değil: onayladığımızda size hemen haber vereceğiz.'
const expiry = linkIsGood(
  'Bağlantı bir saat geçerlidir.',
  'Bağlantı {{ link_hours }} saat geçerlidir.',
  'Bağlantı {{ link_days }} gün geçerlidir.',
)
const before = where('before', 'Önceki zaman: {{ before.date }}, saat {{ before.time }}. ')

const reasonShort = where('reason', ' Gerekçe: {{ reason | truncate: 60 }}')
const earlyShort = where('appointment.arrive_minutes_early', ` ${early}`)
const confirm = `${wordFor('tr', 'confirm')} {{ appointment.code }}`
const cancel = `${wordFor('tr', 'cancel')} {{ appointment.code }}`
const pleaseConfirm = `{% if channel == 'push' %}Lütfen onaylayınız.{% else %}Onaylamak için ${confirm} yazınız.{% endif %}`
const answer = `{% unless channel == 'push' %}${byState('', ` Onaylamak için ${confirm},`, '')} iptal için ${cancel} yazınız.{% endunless %}`
const stateShort = byState('', ' Henüz onaylanmadı.', ' Lütfen onaylayınız ya da reddediniz.')

export const tr: Texts = {
  'booked.client': {
    subject: byState(
      `Randevunuz alındı: ${at}`,
      `Lütfen randevunuzu onaylayınız: ${at}`,
      `Randevu isteğiniz bize ulaştı: ${at}`,
    ),
    content: paragraphs(
      hello,
      byState(
        `Randevunuz alındı. ${time} Sizi bekliyoruz.`,
        `Bu saati sizin için ayırdık. ${time} Randevu henüz kesin değil: lütfen geleceğinizi onaylayınız.`,
        `Randevu isteğiniz için teşekkür ederiz. ${time} ${weTell}`,
      ),
      byState(early, early, ''),
      '{{ details }}',
      inTime,
    ),
    short: byState(
      `${sender}Randevunuz alındı: ${at}${withProvider}.${earlyShort}`,
      `${sender}Sizin için ayrılan saat: ${at}${withProvider}. ${pleaseConfirm}`,
      `${sender}Randevu isteğiniz ulaştı: ${at}${withProvider}. Onaylanınca haber vereceğiz.`,
    ),
  },
  'booked.provider': {
    subject: `Yeni randevu: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `Yeni bir randevu aldınız. ${theirTime}`,
        `{{ by.name }} tarafından yeni bir randevu alındı. ${theirTime}`,
        `Yeni bir randevu alındı. ${theirTime}`,
      ),
      byState(
        'Randevu kesindir.',
        `Randevu henüz kesin değil: ${where('appointment.client', '{{ appointment.client }} tarafından ')}onaylanması bekleniyor.`,
        'Randevu henüz kesin değil: lütfen onaylayınız ya da reddediniz.',
      ),
      '{{ details }}',
    ),
    short: `${sender}Yeni randevu: ${subject}.${stateShort}`,
  },
  'confirmed.client': {
    subject: `Randevunuz onaylandı: ${at}`,
    content: paragraphs(
      hello,
      byWhom(
        `Onayınız için teşekkür ederiz. Randevunuz kesinleşti. ${time}`,
        `Randevunuz onaylandı. ${time}`,
        `Randevunuz onaylandı. ${time}`,
      ),
      early,
      '{{ details }}',
      `Sizi bekliyoruz. ${inTime}`,
    ),
    short: `${sender}Randevunuz onaylandı: ${at}${withProvider}.${earlyShort}`,
  },
  'confirmed.provider': {
    subject: `Onaylandı: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `Randevuyu onayladınız. ${theirTime}`,
        `Randevu {{ by.name }} tarafından onaylandı. ${theirTime}`,
        `Randevu onaylandı. ${theirTime}`,
      ),
      '{{ details }}',
    ),
    short: `${sender}Onaylandı: ${subject}.`,
  },
  'declined.client': {
    subject: `Randevunuz kabul edilemedi: ${at}`,
    content: paragraphs(
      hello,
      `Üzgünüz: randevunuz onaylanamadı ve gerçekleşmeyecek. ${time}`,
      reason,
      '{{ details }}',
      another,
    ),
    short: `${sender}Üzgünüz, randevunuz kabul edilemedi: ${at}${withProvider}.${reasonShort}`,
  },
  'declined.provider': {
    subject: `Reddedildi: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `Randevuyu reddettiniz. ${theirTime} ${free}`,
        `Randevu {{ by.name }} tarafından reddedildi. ${theirTime} ${free}`,
        `Randevu reddedildi. ${theirTime} ${free}`,
      ),
      reason,
      '{{ details }}',
    ),
    short: `${sender}Reddedildi: ${subject}. ${free}${reasonShort}`,
  },
  'cancelled.client': {
    subject: `Randevunuz iptal edildi: ${at}`,
    content: paragraphs(
      hello,
      byWhom(
        `Randevunuzu iptal ettiniz. ${time}`,
        `Üzgünüz: randevunuz {{ by.name }} tarafından iptal edildi. ${time}`,
        `Üzgünüz: randevunuz iptal edildi. ${time}`,
      ),
      reason,
      '{{ details }}',
      `${free} ${another}`,
    ),
    short: `${sender}${byWhom('Randevunuzu iptal ettiniz', 'Randevunuz {{ by.name }} tarafından iptal edildi', 'Randevunuz iptal edildi')}: ${at}${withProvider}.${reasonShort}`,
  },
  'cancelled.provider': {
    subject: `İptal edildi: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `Randevuyu iptal ettiniz. ${theirTime}`,
        `Randevu {{ by.name }} tarafından iptal edildi. ${theirTime}`,
        `Randevu iptal edildi. ${theirTime}`,
      ),
      reason,
      '{{ details }}',
      free,
    ),
    short: `${sender}${byWhom('İptal ettiniz', '{{ by.name }} tarafından iptal edildi', 'İptal edildi')}: ${subject}. ${free}${reasonShort}`,
  },
  'rescheduled.client': {
    subject: `Randevunuzun zamanı değişti: ${at}`,
    content: paragraphs(
      hello,
      byWhom(
        'Randevunuzun zamanını değiştirdiniz.',
        'Randevunuzun zamanı {{ by.name }} tarafından değiştirildi.',
        'Randevunuzun zamanı değişti.',
      ),
      `${before}Yeni zaman: ${at}${withProvider}.`,
      reason,
      byState(early, 'Yeni zaman henüz kesin değil: lütfen geleceğinizi onaylayınız.', weTell),
      '{{ details }}',
      inTime,
    ),
    short: `${sender}Randevunuzun zamanı değişti. ${before}Yeni zaman: ${at}${withProvider}.${byState('', ` ${pleaseConfirm}`, ' Onaylanınca haber vereceğiz.')}`,
  },
  'rescheduled.provider': {
    subject: `Zamanı değişti: ${subject}`,
    content: paragraphs(
      hello,
      byWhom(
        `Randevunun zamanını değiştirdiniz${withClient}.`,
        `Randevunun zamanı {{ by.name }} tarafından değiştirildi${withClient}.`,
        `Randevunun zamanı değişti${withClient}.`,
      ),
      `${before}Yeni zaman: ${at}.`,
      reason,
      byState(
        '',
        'Yeni zaman henüz kesin değil: onaylanması bekleniyor.',
        'Yeni zaman henüz kesin değil: lütfen onaylayınız ya da reddediniz.',
      ),
      '{{ details }}',
    ),
    short: `${sender}Zamanı değişti: ${subject}. ${before}${stateShort}`,
  },
  'reminder.client': {
    subject: `Hatırlatma: randevunuz ${at}`,
    content: paragraphs(
      hello,
      `Randevunuzu hatırlatmak isteriz. ${time}`,
      byState('', 'Lütfen geleceğinizi onaylayınız.', 'Randevu henüz tarafımızdan onaylanmadı.'),
      early,
      '{{ details }}',
      inTime,
    ),
    short: `${sender}Randevunuz: ${at}${withProvider}${placeShort}.${earlyShort}${answer}`,
  },
  'reminder.provider': {
    subject: `Hatırlatma: ${subject}`,
    content: paragraphs(
      hello,
      `Randevunuzu hatırlatmak isteriz. ${theirTime}`,
      byState('', 'Henüz onaylanmadı.', 'Lütfen onaylayınız ya da reddediniz.'),
      '{{ details }}',
    ),
    short: `${sender}Hatırlatma: ${subject}${placeShort}.`,
  },
  'no_show.client': {
    subject: `Sizi göremedik: {{ appointment.date }}`,
    content: paragraphs(
      hello,
      `Sizi bekledik, ancak göremedik. ${time}`,
      `Bir engel çıktıysa: ${another} Yanılıyorsak lütfen bize bildiriniz.`,
      '{{ details }}',
    ),
    short: `${sender}Sizi bekledik, ancak göremedik: ${at}${withProvider}. ${another}`,
  },
  'no_show.provider': {
    subject: `Gelmedi: ${subject}`,
    content: paragraphs(
      hello,
      `Randevuya gelen olmadı; kaçırılmış olarak kaydedildi. ${theirTime}`,
      'Bu doğru değilse lütfen düzeltilmesini isteyiniz.',
      '{{ details }}',
    ),
    short: `${sender}Gelmedi: ${subject}.`,
  },
  'summary.provider': {
    subject: `Gününüz${where('day', ': {{ day }}')}`,
    content: paragraphs(
      hello,
      `{% if appointments.size > 0 %}Randevularınız${where('day', ' ({{ day }})')} aşağıdadır.{% else %}Randevunuz yok${where('day', ' ({{ day }})')}.{% endif %}`,
      '{{ details }}',
    ),
    short: `${sender}${where('day', '{{ day }}: ')}{% if appointments.size > 0 %}{{ appointments.size }} randevu, ilki saat {{ appointments[0].time }}.{% else %}randevunuz yok.{% endif %}`,
  },
  'follow_up.client': {
    subject: `Yeniden gelme zamanı${where('appointment.dependent', ': {{ appointment.dependent }}')}`,
    content: paragraphs(
      hello,
      `${where('appointment.dependent', '{{ appointment.dependent }} için ')}{% if appointment.dependent %}yeniden{% else %}Yeniden{% endif %} gelme zamanı yaklaştı. Son randevu: ${at}${withProvider}.`,
      'Lütfen size uyan bir zaman seçiniz. Sizi bekliyoruz.',
      '{{ details }}',
    ),
    short: `${sender}${where('appointment.dependent', '{{ appointment.dependent }} için ')}yeniden gelme zamanı yaklaştı. Lütfen size uyan bir zaman seçiniz.`,
  },
  'verification.account': {
    subject: 'Lütfen e-posta adresinizi doğrulayınız',
    // Nobody is named: whoever signed up with somebody else's address could make us say anything in a name.
    content: paragraphs(
      'Merhaba,',
      'Bu e-posta adresiyle bir hesap açıldı ({{ organization.name }}). Lütfen adresin size ait olduğunu doğrulayınız.',
      "{{ link | button: 'Adresi doğrula' }}",
      `${expiry} Hesabı siz açmadıysanız bir şey yapmanız gerekmez.`,
    ),
    short: `${sender}Lütfen e-postamızdaki bağlantıyla adresinizi doğrulayınız.`,
  },
  'invitation.account': {
    subject: 'Hesabınız: {{ organization.name }}',
    content: paragraphs(
      hello,
      'Sizin için bir hesap açıldı ({{ organization.name }}). Lütfen bir parola seçiniz; ardından giriş yapabilirsiniz.',
      "{{ link | button: 'Parola seç' }}",
      `${expiry} Böyle bir davet beklemiyorsanız bir şey yapmanız gerekmez.`,
    ),
    short: `${sender}Sizin için bir hesap açıldı. Lütfen e-postamızdaki bağlantıyla bir parola seçiniz.`,
  },
  'password_reset.account': {
    subject: 'Yeni bir parola seçiniz',
    content: paragraphs(
      hello,
      'Hesabınız için yeni bir parola istendi ({{ organization.name }}).',
      "{{ link | button: 'Yeni parola seç' }}",
      `${expiry} İsteyen siz değilseniz bir şey yapmanız gerekmez: parolanız olduğu gibi kalır.`,
    ),
    short: `${sender}E-postamızdaki bağlantıyla yeni bir parola seçiniz. İsteyen siz değilseniz bir şey yapmayınız.`,
  },
  'known_address.account': {
    subject: 'Zaten bir hesabınız var',
    content: paragraphs(
      'Merhaba,',
      'Bu e-posta adresiyle kayıt olunmak istendi ({{ organization.name }}). Bu adresle zaten bir hesap olduğu için yenisi açılmadı.',
      'Kayıt olmak isteyen sizseniz lütfen her zamanki gibi giriş yapınız. Parolanızı unuttuysanız giriş sayfasından yenisini isteyiniz.',
      "{{ link | button: 'Giriş yap' }}",
      'Siz değilseniz bir şey yapmanız gerekmez: hiçbir şey değişmedi.',
    ),
    short: `${sender}Zaten bir hesabınız var. Lütfen giriş yapınız ya da yeni bir parola isteyiniz.`,
  },
}
