import type { Reader } from './settings.ts'

/** By what messages are sent; `log` where nothing is set: they are written to the program's log. */
export interface MessageSettings {
  email: Smtp | Resend | { service: 'log' }
  sms: Twilio | Catcher | { service: 'log' | 'off' }
  push: {
    /** In the place of the addresses that browsers give: for trying things out. */
    base_url?: string
    /** Whom a push service may write to about us: a mailto: or https: address. */
    subject?: string
  }
  inbound: {
    /** Signs what comes in; without it nothing is accepted. */
    auth_token?: string
    /** The address that is signed; else it is made from the program's own. */
    url?: string
  }
  /** Numbers made for trying things out (+1 555…) get nothing. */
  skips_test_numbers: boolean
  /** After so long a refused message is tried again; then after twice, then after four times as long. */
  retry_seconds: number
}

export interface Smtp {
  service: 'smtp'
  host: string
  port: number
  username?: string
  password?: string
  /** Encrypted from the first byte, encrypted after STARTTLS or not at all, or as the server has it. */
  encryption: 'tls' | 'starttls' | 'if_offered'
  from: string
  from_name?: string
}

export interface Resend {
  service: 'resend'
  api_key: string
  base_url: string
  from: string
  from_name?: string
}

export interface Twilio {
  service: 'twilio'
  account_sid: string
  auth_token: string
  base_url: string
  /** The number that clients see, and the one that providers see. */
  from_client: string
  from_provider: string
}

export interface Catcher {
  service: 'http'
  url: string
  from: string
  api_key?: string
}

/** Reads what messages need, under the names that the five systems have for it. */
export function readMessageSettings(read: Reader, problems: string[], warnings: string[]): MessageSettings {
  return {
    email: emailSettings(read, problems, warnings),
    sms: smsSettings(read, warnings),
    push: { base_url: read.url('PUSH_BASE_URL'), subject: read.text('VAPID_SUBJECT') },
    inbound: {
      auth_token: read.text('TWILIO_AUTH_TOKEN', 'SMS_API_SECRET'),
      url: read.url('TWILIO_WEBHOOK_URL'),
    },
    skips_test_numbers: read.boolean('SMS_SKIP_TEST_NUMBERS') ?? false,
    retry_seconds: read.integer('MESSAGE_RETRY_SECONDS', 0, 3600) ?? 60,
  }
}

const NOBODY = 'punctual@localhost'

function emailSettings(read: Reader, problems: string[], warnings: string[]): MessageSettings['email'] {
  const username = read.text('MAIL_USERNAME', 'SMTP_USERNAME')
  const password = read.text('MAIL_PASSWORD', 'SMTP_PASSWORD')
  const host = read.text('MAIL_SERVER', 'SMTP_HOST') ?? (username && password ? 'smtp.gmail.com' : undefined)
  const from_name = read.text('MAIL_FROM_NAME')
  const sender = read.text('MAIL_FROM', 'SENDER_EMAIL')
  const api_key = read.text('RESEND_API_KEY')
  if (!host && api_key) {
    if (!sender) problems.push('RESEND_API_KEY is set, but not from whom mail comes: set SENDER_EMAIL.')
    const base_url = read.url('RESEND_BASE_URL') ?? 'https://api.resend.com'
    return { service: 'resend', api_key, base_url, from: sender ?? '', from_name }
  }
  if (!host) return { service: 'log' }
  const port = read.integer('MAIL_PORT', 1, 65535, 'SMTP_PORT') ?? 587
  const from = sender ?? (username?.includes('@') ? username : undefined)
  if (!from) warnings.push(`MAIL_FROM is not set: mail comes from ${NOBODY}, which many servers refuse.`)
  const has_credentials = read.boolean('USE_CREDENTIALS') ?? true
  return {
    service: 'smtp',
    host,
    port,
    ...(has_credentials && { username, password }),
    encryption: encryption(read, { host, port, logsIn: has_credentials && username !== undefined }),
    from: from ?? NOBODY,
    from_name,
  }
}

/** A password goes through no wire unencrypted, unless somebody wants it so. */
function encryption(
  read: Reader,
  { host, port, logsIn }: { host: string; port: number; logsIn: boolean },
): Smtp['encryption'] {
  if (read.boolean('MAIL_SSL') ?? port === 465) return 'tls'
  const wanted = read.boolean('MAIL_TLS') ?? read.boolean('SMTP_USE_TLS') ?? (logsIn && !isThisMachine(host))
  return wanted ? 'starttls' : 'if_offered'
}

/** Nobody listens between a program and its own machine. */
export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function smsSettings(read: Reader, warnings: string[]): MessageSettings['sms'] {
  if (read.boolean('SMS_ENABLED') === false) return { service: 'off' }
  const account_sid = read.text('TWILIO_ACCOUNT_SID', 'SMS_API_KEY')
  const auth_token = read.text('TWILIO_AUTH_TOKEN', 'SMS_API_SECRET')
  const url = catcherUrl(read)
  const provider = read.word('SMS_PROVIDER', ['twilio', 'smscatcher', 'http', ''], '')
  if (provider === 'smscatcher' || provider === 'http' || (provider === '' && url)) {
    const from = read.text('SMS_FROM') ?? 'Punctual'
    return {
      service: 'http',
      url: url ?? 'http://127.0.0.1:3001/sms',
      from,
      api_key: read.text('SMS_API_KEY'),
    }
  }
  const from = read.text('TWILIO_FROM_PATIENT', 'SMS_FROM', 'TWILIO_FROM_DOCTOR')
  if (account_sid && auth_token && from) {
    return {
      service: 'twilio',
      account_sid,
      auth_token,
      base_url: read.url('TWILIO_BASE_URL') ?? 'https://api.twilio.com',
      from_client: from,
      from_provider: read.text('TWILIO_FROM_DOCTOR') ?? from,
    }
  }
  if (provider === 'twilio') {
    warnings.push(
      'SMS_PROVIDER is twilio, but TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM_PATIENT (or SMS_FROM) are not all set: SMS are written to the log.',
    )
  } else if (account_sid && auth_token) {
    warnings.push(
      'TWILIO_FROM_PATIENT is missing (the number from which SMS come, such as +15005550006): SMS are written to the log.',
    )
  }
  return { service: 'log' }
}

/** Where a plain catcher takes messages: POST {to, message, from}. */
function catcherUrl(read: Reader): string | undefined {
  const host = read.text('SMS_HOST')
  if (host) return `http://${host}:${read.integer('SMS_PORT', 1, 65535) ?? 3001}/sms`
  return read.url('SMS_URL')
}
