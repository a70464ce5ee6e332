import { styleText } from 'node:util'
import { scenes } from './fill.ts'
import { PASSWORD } from './logins.ts'

/** What whoever started the demo wants to know: where to look, how to log in, and something to try at once. */
export function welcome(address: string, now: Temporal.Instant): string {
  const day = nextWorkingDay(now)
  return [
    '',
    `${bold('The demo of Punctual is ready')} and answers at ${link(address)}`,
    ...table([
      ['documentation', link(`${address}/docs`)],
      ['guide', 'docs/api.md'],
      ['other systems’ words', link(`${address}/general/docs`)],
      ['what runs by itself', link(`${address}/jobs`)],
      ['health', link(`${address}/health`)],
    ]),
    '',
    bold('Five organizations, each known by its slug'),
    ...table(scenes.map(({ preset, name, time_zone }) => [preset.trade, `${name}, ${time_zone}`])),
    '',
    `${bold('Log in to any of them')} with the password ${bold(PASSWORD)}`,
    ...table([
      ['administrator', 'admin@<slug>.example'],
      ['providers', 'provider1@<slug>.example to provider5@… (school: 12, office: 10)'],
      ['clients', 'client1@<slug>.example to client5@…'],
      ['desks', 'secretary1@<slug>.example, secretary2@…, reception1@…, reception2@… (office, veterinary)'],
      ['clinic, instead', 'doctor1@clinic.com to doctor10@clinic.com, with Doctor1Pass to Doctor10Pass'],
    ]),
    '',
    bold('Try it'),
    `  curl '${address}/api/v1/slots?from=${day}&to=${day}' -H 'X-Organization: general'`,
    `  curl ${address}/api/v1/auth/login -H 'X-Organization: general' -H 'Content-Type: application/json' \\`,
    `    -d '{"email":"client1@general.example","password":"${PASSWORD}"}'`,
    '',
    'The passwords are known to everybody: try it out, but keep nothing in it. Ctrl+C stops.',
    '',
  ].join('\n')
}

function nextWorkingDay(now: Temporal.Instant): string {
  const tomorrow = now.toZonedDateTimeISO('UTC').toPlainDate().add({ days: 1 })
  const { dayOfWeek } = tomorrow
  return tomorrow.add({ days: dayOfWeek > 5 ? 8 - dayOfWeek : 0 }).toString()
}

function table(rows: string[][]): string[] {
  return rows.map(([heading = '', content = '']) => `  ${heading.padEnd(21)} ${content}`)
}

// Without a terminal, or with NO_COLOR, these leave the text as it is.
const bold = (text: string) => styleText('bold', text)
const link = (text: string) => styleText(['cyan', 'underline'], text)
