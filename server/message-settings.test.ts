import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readSettings, SettingsInvalid } from './settings.ts'

const read = (env: Record<string, string>) => readSettings(env).messages
const warned = (env: Record<string, string>) => readSettings(env).warnings
const FROM = 'desk@example.org'

describe('e-mail', () => {
  it('is written to the log where nothing is set', () => {
    assert.deepEqual(read({}).email, { service: 'log' })
    assert.deepEqual(warned({}), [])
  })

  it('goes by SMTP, under any of the names that the settings have had', () => {
    const expected = {
      service: 'smtp',
      host: 'mail.example.org',
      port: 2525,
      username: 'desk',
      password: 'secret',
      encryption: 'starttls',
      from: FROM,
      from_name: undefined,
    }
    const MAIL = { MAIL_SERVER: 'mail.example.org', MAIL_PORT: '2525', MAIL_TLS: 'true', MAIL_FROM: FROM }
    const SMTP = {
      SMTP_HOST: 'mail.example.org',
      SMTP_PORT: '2525',
      SMTP_USE_TLS: 'true',
      SENDER_EMAIL: FROM,
    }
    assert.deepEqual(read({ ...MAIL, MAIL_USERNAME: 'desk', MAIL_PASSWORD: 'secret' }).email, expected)
    assert.deepEqual(read({ ...SMTP, SMTP_USERNAME: 'desk', SMTP_PASSWORD: 'secret' }).email, expected)
  })

  it('is encrypted as the settings insist, and by itself on the port that is for that', () => {
    const encryption = (env: Record<string, string>) =>
      (read({ MAIL_SERVER: 'm', MAIL_FROM: FROM, ...env }).email as { encryption: string }).encryption
    assert.equal(encryption({}), 'if_offered')
    assert.equal(encryption({ MAIL_PORT: '465' }), 'tls')
    assert.equal(encryption({ MAIL_SSL: 'true' }), 'tls')
    assert.equal(encryption({ MAIL_TLS: 'true' }), 'starttls')
    assert.equal(encryption({ MAIL_PORT: '465', MAIL_SSL: 'false', MAIL_TLS: 'true' }), 'starttls')
  })

  it('logs in only where it may, and comes from whoever logs in', () => {
    const credentials = { MAIL_SERVER: 'm', MAIL_USERNAME: FROM, MAIL_PASSWORD: 'secret' }
    assert.deepEqual(read(credentials).email, {
      service: 'smtp',
      host: 'm',
      port: 587,
      username: FROM,
      password: 'secret',
      encryption: 'starttls',
      from: FROM,
      from_name: undefined,
    })
    assert.ok(!('username' in read({ ...credentials, USE_CREDENTIALS: 'false' }).email))
    assert.match(warned({ MAIL_SERVER: 'm' }).join(), /MAIL_FROM is not set/)
  })

  it('goes by Resend where there is no mail server, and says from whom', () => {
    const env = { RESEND_API_KEY: 're_1', SENDER_EMAIL: FROM, MAIL_FROM_NAME: 'The Desk' }
    assert.deepEqual(read(env).email, {
      service: 'resend',
      api_key: 're_1',
      base_url: 'https://api.resend.com',
      from: FROM,
      from_name: 'The Desk',
    })
    assert.equal(read({ ...env, MAIL_SERVER: 'm' }).email.service, 'smtp')
    assert.throws(() => read({ RESEND_API_KEY: 're_1' }), SettingsInvalid)
  })
})

describe('SMS', () => {
  const twilio = { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 't', TWILIO_FROM_PATIENT: '+15005550006' }

  it('go by Twilio, under either of the names, with numbers for clients and for providers', () => {
    const expected = {
      service: 'twilio',
      account_sid: 'AC1',
      auth_token: 't',
      base_url: 'https://api.twilio.com',
      from_client: '+15005550006',
      from_provider: '+15005550006',
    }
    assert.deepEqual(read(twilio).sms, expected)
    assert.deepEqual(
      read({ SMS_API_KEY: 'AC1', SMS_API_SECRET: 't', SMS_FROM: '+15005550006' }).sms,
      expected,
    )
    assert.deepEqual(read({ ...twilio, TWILIO_FROM_DOCTOR: '+15005550009' }).sms, {
      ...expected,
      from_provider: '+15005550009',
    })
  })

  it('go to a plain catcher by its address, or by its host and port', () => {
    const catcher = { service: 'http', from: 'Punctual', api_key: undefined }
    assert.deepEqual(read({ SMS_URL: 'http://catcher:3001/sms' }).sms, {
      ...catcher,
      url: 'http://catcher:3001/sms',
    })
    assert.deepEqual(read({ SMS_HOST: 'catcher', SMS_PORT: '3010' }).sms, {
      ...catcher,
      url: 'http://catcher:3010/sms',
    })
    assert.deepEqual(read({ SMS_PROVIDER: 'smscatcher' }).sms, {
      ...catcher,
      url: 'http://127.0.0.1:3001/sms',
    })
  })

  it('are written to the log where nothing is set, and a half-set Twilio is told of', () => {
    assert.deepEqual(read({}).sms, { service: 'log' })
    const half = { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 't' }
    assert.deepEqual(read(half).sms, { service: 'log' })
    assert.match(warned(half).join(), /TWILIO_FROM_PATIENT is missing/)
    assert.match(warned({ SMS_PROVIDER: 'twilio' }).join(), /not all set/)
  })

  it('can be switched off, and kept from numbers made for trying things out', () => {
    assert.deepEqual(read({ ...twilio, SMS_ENABLED: 'false' }).sms, { service: 'off' })
    assert.equal(read({}).skips_test_numbers, false)
    assert.equal(read({ SMS_SKIP_TEST_NUMBERS: 'true' }).skips_test_numbers, true)
  })

  it('that come in are checked with the token of the account', () => {
    const inbound = { auth_token: 't', url: 'https://book.example.org/hook' }
    assert.deepEqual(read({ ...twilio, TWILIO_WEBHOOK_URL: inbound.url }).inbound, inbound)
    assert.equal(read({ SMS_API_SECRET: 't' }).inbound.auth_token, 't')
    assert.equal(read({}).inbound.auth_token, undefined)
  })
})

describe('a message that was refused', () => {
  it('is tried again after a minute, unless the settings say when', () => {
    assert.equal(read({}).retry_seconds, 60)
    assert.equal(read({ MESSAGE_RETRY_SECONDS: '0' }).retry_seconds, 0)
    assert.throws(() => read({ MESSAGE_RETRY_SECONDS: 'soon' }), SettingsInvalid)
  })
})
