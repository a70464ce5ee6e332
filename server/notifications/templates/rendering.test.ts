import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { commandWords } from '../commands.ts'
import { type Language, languages } from '../kinds.ts'
import { trades } from '../../organizations/trades.ts'
import { exampleFacts, sparseFacts } from './examples.ts'
import type { Facts } from './facts.ts'
import { knownFilters, knownTags, TemplateFails } from './liquid.ts'
import { MOST_OF_SHORT, type Rendered, renderText } from './rendering.ts'
import type { TemplateName, Text } from './text.ts'
import { ourText, templateNames } from './texts.ts'

const NOW = Temporal.Instant.from('2027-03-01T08:00:00Z')
type Organization = Parameters<typeof exampleFacts>[0]

/** What a text is said of: what is usual in each trade, as much as can be known, and as good as nothing. */
function examples(name: TemplateName, language: Language): Facts[] {
  const inTrades = Object.keys(trades).map((trade) => usual(name, trade, language))
  const states = [
    { is_pending: true, client_confirms: true },
    { is_pending: true, client_confirms: false },
    { is_pending: false, client_confirms: false },
  ]
  const full = states.map((state) => fullFacts(inTrades[0]!, state))
  const sparse = [...inTrades, ...full].map(sparseFacts)
  return [...inTrades, ...full, ...sparse, { ...sparse[0]!, recipient: { name: '' } }]
}

function organizationOf(trade: string): Organization {
  const { words, rules, fields } = trades[trade]!
  const name = `The ${words.organization.one}`
  return { name, trade, words, rules, fields, time_zone: 'Europe/Berlin' } as Organization
}

function fullFacts(facts: Facts, state: { is_pending: boolean; client_confirms: boolean }): Facts {
  const more = {
    dependent: 'Robin',
    zone: 'America/New_York',
    notes: 'Bring cards',
    arrive_minutes_early: 10,
  }
  const place = { location: 'South wing', address: '1 High Street\nLondon', service: 'Check-up' }
  return {
    ...facts,
    ...(facts.appointment && { appointment: { ...facts.appointment, ...more, ...place, ...state } }),
    ...(facts.appointments && { appointments: facts.appointments.map((one) => ({ ...one, ...more })) }),
    ...(facts.appointment && { reason: 'A long reason. '.repeat(20), before: earlier }),
  }
}
const earlier = { date: 'Monday, 1 March 2027', time: '09:00', provider: 'Kim Reed' }

const everyText = templateNames.flatMap((name) => languages.map((language) => ({ name, language })))
const say = (name: TemplateName, facts: Facts, language: Language = 'en') =>
  renderText(ourText(name, language), facts, language)
const usual = (name: TemplateName, trade = 'clinic', language: Language = 'en') =>
  exampleFacts(organizationOf(trade), name, language, NOW)

const saying = (content: string, facts: Partial<Facts> = {}, more: Partial<Text> = {}): Rendered =>
  renderText(
    { subject: 'Hello', content, short: 'Hello', ...more },
    { ...usual('verification.account'), link: undefined, ...facts },
    'en',
  )

/** Fails where an element is not closed, or closed by another; texts and attributes are left out. */
function requireBalanced(html: string): void {
  const open: string[] = []
  for (const [, closes, name] of html.replaceAll(/<!.*?>/gs, '').matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (['meta', 'br'].includes(name!)) continue
    if (!closes) open.push(name!)
    else assert.equal(open.pop(), name, html)
  }
  assert.deepEqual(open, [])
}

describe('every message of ours', () => {
  for (const { name, language } of everyText) {
    it(`${name} in ${language}: reads well, whatever is known and whatever the trade`, () => {
      for (const facts of examples(name, language)) {
        const { subject, text, html, short } = say(name, facts, language)
        const paragraphs = text.slice(0, text.indexOf('\n-- \n')).replaceAll(/^\S[^\n]{0,20}: {2,}.*$/gm, '')
        for (const part of [subject, paragraphs, short]) {
          assert.doesNotMatch(
            part,
            /undefined|null|NaN|object Object|[{}]|\(\)|[,(] *[,.)]|: *\.|(?<!\.)\.\.(?!\.)/,
            part,
          )
          assert.doesNotMatch(part.replaceAll(/\n */g, '\n'), / {2}| [.,:]/, part)
        }
        assert.ok(short.length <= MOST_OF_SHORT)
        assert.doesNotMatch(subject, /\n/)
        assert.ok(html.startsWith(`<!doctype html>\n<html lang="${language}"`))
        requireBalanced(html)
      }
    })
  }

  it('is said differently in each language, and differently to each', () => {
    for (const part of ['subject', 'content', 'short'] as const) {
      const said = everyText.map(({ name, language }) => ourText(name, language)[part])
      assert.equal(new Set(said).size, said.length)
    }
  })

  it('fits into one SMS in English, as it usually is, in letters that an SMS has', () => {
    for (const name of templateNames) {
      for (const trade of Object.keys(trades)) {
        const { short } = say(name, usual(name, trade))
        assert.ok(short.length <= 160, `${short.length}: ${short}`)
        assert.match(short, /^[\w @£$¥!"#%&'()*+,\-./:;<=>?äöüÄÖÜßà]+$/)
      }
    }
  })
})

describe('what messages say', () => {
  const facts = (name: TemplateName, change: Partial<Facts['appointment']>, more: Partial<Facts> = {}) => {
    const { appointment, ...rest } = usual(name)
    return { ...rest, appointment: { ...appointment!, ...change }, ...more }
  }

  it('tells whether a booking is fixed, or by whom it has yet to be confirmed', () => {
    const booked = (is_pending: boolean, client_confirms: boolean) =>
      say('booked.client', facts('booked.client', { is_pending, client_confirms }))
    assert.match(booked(false, false).text, /is booked/)
    assert.match(booked(true, true).text, /please confirm/)
    assert.match(booked(true, true).short, /answer CONFIRM 4821/)
    assert.match(booked(true, false).text, /we still have to confirm/)
  })

  it('asks to come early where that is asked for, and only there', () => {
    const confirmed = (arrive_minutes_early?: number) =>
      say('confirmed.client', facts('confirmed.client', { arrive_minutes_early }))
    assert.match(confirmed(10).text, /come 10 minutes early/)
    assert.match(confirmed(10).short, /come 10 minutes early/)
    assert.doesNotMatch(confirmed().text, /early/)
  })

  it('says who cancelled, and why, and that the time is free', () => {
    const cancelled = (by: Facts['by']) =>
      say('cancelled.client', facts('cancelled.client', {}, { by, reason: 'I am ill' }))
    const byOther = cancelled({ name: 'Sam Taylor', is_recipient: false })
    assert.match(byOther.text, /Sam Taylor has cancelled[^]*Reason: I am ill[^]*free again/)
    assert.match(byOther.short, /Sam Taylor has cancelled.*Reason: I am ill/)
    assert.match(cancelled({ name: 'Alex', is_recipient: true }).text, /You have cancelled/)
    assert.match(cancelled(undefined).text, /was cancelled/)
  })

  it('says of a move when it was, when it is, and whether that is fixed', () => {
    const moved = facts(
      'rescheduled.client',
      { is_pending: true, client_confirms: false },
      { before: earlier },
    )
    const { text, short } = say('rescheduled.client', moved)
    assert.match(text, /was on Monday, 1 March 2027 at 09:00\. The new time is .*14:00/)
    assert.match(text, /Before: +Monday, 1 March 2027\n +09:00\n +Kim Reed\n/)
    assert.match(text, /not fixed yet/)
    assert.match(short, /09:00.*14:00.*confirmed/)

    const { date, time, provider } = moved.appointment
    const unmoved = facts('confirmed.client', {}, { before: { date, time, provider } })
    assert.doesNotMatch(say('confirmed.client', unmoved).text, /Before/)
  })

  it('tells in a reminder when, where and with whom, and what an SMS is answered by', () => {
    for (const language of languages) {
      const { confirm, cancel } = commandWords[language]
      const reminder = (change: Partial<Facts['appointment']>, channel?: 'push') =>
        say(
          'reminder.client',
          facts('reminder.client', { location: 'South wing', ...change }, { channel }),
          language,
        ).short
      const open = reminder({ is_pending: true, client_confirms: true })
      for (const part of ['14:00', 'South wing', 'Sam Taylor']) assert.ok(open.includes(part))
      assert.match(open, new RegExp(`${confirm[0]} 4821.*${cancel[0]} 4821`))
      const fixed = reminder({ is_pending: false })
      assert.ok(fixed.includes(`${cancel[0]} 4821`) && !fixed.includes(confirm[0]!))
      assert.doesNotMatch(reminder({ is_pending: true, client_confirms: true }, 'push'), /4821/)
    }
  })

  it('lists a day: when, for whom, what and how, and says so where there is nothing', () => {
    const day = usual('summary.provider', 'school')
    const { text, html } = say('summary.provider', day)
    assert.match(
      text,
      /14:00 – 14:30: +Robin \(Alex Morgan\)\n +Parent-teacher meeting\n[^]*How to meet: online/,
    )
    assert.equal(html.match(/<th scope="row"/g)!.length, 2)
    assert.match(say('summary.provider', { ...day, appointments: [] }).text, /Nothing is booked/)
  })

  it('never names whoever signs up, as that could be anybody with anything for a name', () => {
    for (const name of ['verification.account', 'known_address.account'] as const) {
      for (const language of languages) {
        const named = { ...usual(name), recipient: { name: 'Win now at evil.example' } }
        assert.ok(!JSON.stringify(say(name, named, language)).includes('evil'))
      }
    }
  })

  it('are answered by words that mean one thing only', () => {
    for (const language of languages) {
      const words = Object.values(commandWords[language]).flat()
      const english = Object.values(commandWords.en).flat()
      const all = language === 'en' ? words : [...words, ...english]
      assert.equal(new Set(all).size, all.length)
      for (const [first] of Object.values(commandWords[language])) assert.match(first!, /^[A-Z]+$/)
    }
  })
})

describe('a message', () => {
  it('leaves script in a name what it is: text', () => {
    const name = `<script>alert('1')</script>"&`
    const facts = { recipient: { name }, organization: { name }, reason: name }
    const { html, text, subject } = saying('{{ recipient.name }} {{ reason }}', facts, {
      subject: '{{ reason }}',
    })
    assert.doesNotMatch(html, /<script/)
    assert.ok(html.includes('&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;'))
    assert.ok(text.includes(name) && subject === name)
    requireBalanced(html)
  })

  it('has a subject of one line, without what cannot be seen', () => {
    const name = 'Ada\r\nBcc: all@example.com\u0000\u202E\u2028x'
    const { subject } = saying('Hi', { recipient: { name } }, { subject: 'For {{ recipient.name }}\n!' })
    assert.equal(subject, 'For Ada Bcc: all@example.com x !')
    assert.ok(saying('Hi', {}, { subject: 'x'.repeat(500) }).subject.length <= 200)
  })

  it('takes no template from a name, nor a button, a table or a paragraph', () => {
    const name = '{{ 7 | times: 7 }}{% if %}\uE000Press\uE002\uE001\n\nYou have won'
    const { text, html } = saying('Hi {{ recipient.name }}', {
      recipient: { name },
      link: 'https://ours.example/',
    })
    assert.match(text, /^Hi \{\{ 7 \| times: 7 \}\}\{% if %\}Press\nYou have won\n\nOpen the page:/)
    assert.equal(html.match(/<a /g)!.length, 1)
  })

  it('makes a button of our link, and of nothing that is no page', () => {
    const content = "Before\n{{ link | button: 'Press <here>' }}\nAfter"
    const { html, text } = saying(content, { link: 'https://ours.example/?a=1&b=%22#token' })
    assert.ok(html.includes('href="https://ours.example/?a=1&amp;b=%22#token"'))
    assert.match(html, />Press &lt;here&gt;<\/a>/)
    assert.match(text, /^Before\n\nPress <here>:\nhttps:\/\/ours\.example\/\S+\n\nAfter\n/)
    for (const link of ['javascript:alert(1)', 'data:text/html,x', '//elsewhere', 'no link', '']) {
      assert.doesNotMatch(saying(content, { link }).html, /<a /)
    }
  })

  it('has button and table also where its text forgets them', () => {
    const { appointment } = usual('booked.client')
    const { text } = saying('Hi', { appointment, link: 'https://ours.example/' })
    assert.match(text, /^Hi\n\nWhen: [^]*Open the page:\nhttps/)
  })

  it('fetches nothing from anywhere, and can be read at night and by screen readers', () => {
    const { html } = say('booked.client', usual('booked.client'))
    assert.doesNotMatch(html, /<img|<link|@import|url\(|src=|background=/)
    assert.match(html, /prefers-color-scheme: dark/)
    assert.match(html, /<h1[^]*<table aria-label="Details"[^]*<th scope="row"/)
  })
})

describe('a template that does more than a message should', () => {
  const failing: [string, string, RegExp][] = [
    ['a tag that is not closed', 'Hi\n{% if recipient %}', /line 2: .*not closed/],
    ['an unknown filter', 'Hi\n\n{{ recipient.name | nope }}', /line 3: undefined filter: nope/],
    ['a file', '{% include "/etc/passwd" %}', /line 1: tag "include" not found/],
    ['another template', '{% render "x" %}', /tag "render" not found/],
    ['the clock', "{{ 'now' | date: '%Y' }}", /undefined filter: date/],
    ['a range without end', '{% for i in (1..99999999) %}x{% endfor %}', /line 1: does too much/],
    ['loops in loops', nested(), /line 1: does too much/],
    ['a text that grows', grow('{% assign a = a | append: a %}'), /does too much/],
    ['loops over facts', `${'{% for a in words %}'.repeat(12)}${'{% endfor %}'.repeat(12)}`, /does too much/],
    ['too long a template', 'x'.repeat(20_001), /does too much/],
    ['nothing to say', '{% if nothing %}Hi{% endif %}\n\n{{ link }}', /says nothing/],
  ]
  for (const [what, content, reason] of failing) {
    it(`is refused: ${what}`, () => {
      assert.throws(
        () => saying(content),
        (error) => error instanceof TemplateFails && error.status === 422 && reason.test(error.message),
      )
    })
  }

  it('sees the facts and nothing behind them', () => {
    const { text } = saying(
      'x{{ recipient.constructor }}{{ recipient.__proto__ }}{{ recipient.name.constructor.name }}{{ process }}',
    )
    assert.match(text, /^x\n/)
  })

  function nested() {
    const all = '{% for i in (1..999) %}'
    return `${all.repeat(4)}x${'{% endfor %}'.repeat(4)}`
  }
  function grow(step: string) {
    return `{% assign a = 'aaaaaaaaaa' %}{% for i in (1..40) %}${step}{% endfor %}{{ a }}`
  }
})

describe('the page about templates', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/messages.md'), 'utf8')

  it('names everything that a text can name, and nothing that it cannot', () => {
    const commented = readFileSync(join(import.meta.dirname, 'facts.ts'), 'utf8')
    const source = commented.replaceAll(/\/\*\*.*?\*\//gs, '')
    const facts = [...source.matchAll(/[\s{;](\w+)\??: /g)].map(([, name]) => name!)
    const [, table = ''] = page.split('### What a text can name')
    const named = new Set([...table.matchAll(/`([\w.]+)`/g)].flatMap(([, path]) => path!.split('.')))
    const missing = [...facts, ...knownTags, ...knownFilters].filter(
      (name) => !named.has(name) && !table.includes(`\`${name}\``),
    )
    assert.ok(facts.length > 30)
    assert.deepEqual(missing, [])
    const rows = table
      .split('### ')[0]!
      .split('\n')
      .filter((line) => line.startsWith('| `'))
    const inTable = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/\w+/g)].map(([name]) => name))
    assert.deepEqual(
      inTable.filter((name) => !facts.includes(name)),
      [],
    )
  })

  it('names each word that people are asked to answer', () => {
    const first = languages.flatMap((language) =>
      Object.values(commandWords[language]).map(([word]) => word!),
    )
    const missing = first.filter((word) => !page.includes(`| ${word} |`))
    assert.deepEqual(missing, [])
  })
})
