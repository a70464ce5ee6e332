import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startApp } from '../../../test/app.ts'
import { newOrganization, newPerson, type Person, type Stage } from '../../../test/cast.ts'
import { trades } from '../../organizations/trades.ts'
import { exampleFacts } from './examples.ts'
import { renderMessage } from './own-texts.ts'
import { ourText, templateNames } from './texts.ts'

const app = await startApp()
after(() => app.stop())

const text = {
  subject: 'See you on {{ appointment.date }}',
  content: 'Dear {{ recipient.name }},\n\nbring your card.\n\n{{ details }}',
  short: 'See you at {{ appointment.time }}',
}
const put = (who: Person, name: string, body: object) =>
  app.request('PUT', `/templates/${name}`, { token: who.token, body })
const get = (who: Person, name: string) => app.get(`/templates/${name}`, { token: who.token })
const preview = (who: Person, name: string, body?: object) =>
  app.post(`/templates/${name}/preview`, { token: who.token, body })

describe('the texts of messages', () => {
  let stage: Stage
  before(async () => (stage = await newOrganization(app)))

  it('are all there in every language, as ours', async () => {
    const { status, body } = await app.get('/templates', { token: stage.admin.token })
    assert.equal(status, 200)
    assert.equal(body.items.length, templateNames.length * 3)
    assert.ok(body.items.every((item: { is_own: boolean }) => !item.is_own))
    const german = await get(stage.admin, 'booked/client/de')
    assert.deepEqual(german.body, {
      kind: 'booked',
      audience: 'client',
      locale: 'de',
      ...ourText('booked.client', 'de'),
      is_own: false,
      updated_at: null,
    })
  })

  it('are read by the desk that is asked about them, and changed by administrators alone', async () => {
    for (const role of ['secretary', 'reception', 'provider', 'client'] as const) {
      const somebody = await newPerson(app, stage.organization, [role])
      assert.equal((await get(somebody, 'booked/client/en')).status, role === 'secretary' ? 200 : 403)
      assert.equal((await put(somebody, 'booked/client/en', text)).status, 403)
    }
  })

  it('are not there of a kind, for somebody or in a language that we do not speak', async () => {
    for (const name of ['summary/client/en', 'booked/client/fr', 'lunch/client/en', 'booked/account/en']) {
      assert.equal((await get(stage.admin, name)).status, 404, name)
      assert.equal((await put(stage.admin, name, text)).status, 404, name)
      assert.equal((await preview(stage.admin, name)).status, 404, name)
    }
  })
})

describe("an organization's own text", () => {
  it('takes the place of ours, there alone, in that language alone, until it is reset', async () => {
    const { admin } = await newOrganization(app)
    const { admin: other } = await newOrganization(app)
    const changed = await put(admin, 'booked/client/en', text)
    assert.equal(changed.status, 200)
    assert.partialDeepStrictEqual(changed.body, { ...text, is_own: true, updated_at: app.now().toString() })
    assert.deepEqual((await get(admin, 'booked/client/en')).body, changed.body)
    assert.equal((await get(admin, 'booked/client/de')).body.is_own, false)
    assert.equal((await get(other, 'booked/client/en')).body.is_own, false)

    const again = await put(admin, 'booked/client/en', { ...text, short: 'Soon' })
    assert.equal(again.body.short, 'Soon')
    for (let times = 0; times < 2; times++) {
      const reset = await app.request('DELETE', '/templates/booked/client/en', { token: admin.token })
      assert.equal(reset.status, 204)
    }
    assert.partialDeepStrictEqual((await get(admin, 'booked/client/en')).body, {
      ...ourText('booked.client', 'en'),
      is_own: false,
    })
  })

  it('is in the log of changes, with what it was', async () => {
    const { admin, organization } = await newOrganization(app)
    await put(admin, 'booked/client/en', text)
    await put(admin, 'booked/client/en', { ...text, short: 'Soon' })
    await app.request('DELETE', '/templates/booked/client/en', { token: admin.token })
    const { body } = await app.get('/audit-log?subject_kind=template', { token: admin.token })
    const name = 'booked.client.en'
    const [ours, changed] = [ourText('booked.client', 'en'), { ...text, short: 'Soon' }]
    const entries = body.items.map((entry: Record<string, unknown>) => [
      entry.action,
      entry.before,
      entry.after,
    ])
    assert.deepEqual(entries, [
      ['template.reset', { [name]: changed }, { [name]: ours }],
      ['template.changed', { [name]: text }, { [name]: changed }],
      ['template.changed', { [name]: ours }, { [name]: text }],
    ])
    assert.deepEqual([body.items[0].actor_id, body.items[0].subject_id], [admin.id, organization.id])
  })

  it('is refused where it could not be said, with where and why, and leaves what there was', async () => {
    const { admin } = await newOrganization(app)
    const failing: [object, string, RegExp][] = [
      [{ content: 'Hi\n{% if recipient.name %}' }, 'content', /^line 2: .*not closed/],
      [{ subject: '{{ appointment.date | nope }}' }, 'subject', /^line 1: undefined filter/],
      [{ short: '{% for i in (1..9999999) %}{% endfor %}' }, 'short', /^line 1: does too much/],
      [{ subject: ' ' }, 'subject', /says nothing/],
      // Said of most, but not where nothing more is known than must be.
      [{ content: '{{ appointment.service }}' }, 'content', /says nothing/],
    ]
    const name = 'cancelled/client/en'
    for (const [change, field, reason] of failing) {
      const offered = await newOrganization(app, { trade: 'clinic' })
      const { status, body } = await put(offered.admin, name, { ...text, ...change })
      assert.deepEqual([status, body.code, body.errors?.[0].field], [422, 'invalid_input', field])
      assert.match(body.errors[0].message, reason)
    }
    assert.equal((await put(admin, name, { ...text, extra: 1 })).status, 422)
    assert.equal((await get(admin, name)).body.is_own, false)
  })

  it('that fails when it is said keeps nobody from being told: ours is said, and the log has why', async () => {
    const { admin, organization } = await newOrganization(app)
    const content = '{% if appointment.notes %}{{ appointment.notes }}{% else %}Hi{% endif %}'
    await put(admin, 'booked/client/en', { ...text, content })
    const facts = exampleFacts(organization, 'booked.client', 'en', app.now())
    const say = (notes: string) => {
      const appointment = { ...facts.appointment!, notes }
      const { db } = app.connection
      return renderMessage({ db, log: app.app.log }, organization.id, 'booked.client', 'en', {
        ...facts,
        appointment,
      })
    }
    assert.match((await say('Be kind')).text, /^Be kind\n/)
    const { text: said } = await say('x'.repeat(60_000))
    assert.match(said, /We look forward to seeing you/)
    const logged = app.logged.find(({ msg }) => msg === 'a template fails')
    assert.partialDeepStrictEqual(logged, { template: 'booked.client.en', organization_id: organization.id })
  })
})

describe('a preview', () => {
  it('shows what is in force, and what is not saved yet, and saves nothing', async () => {
    const { admin } = await newOrganization(app)
    const inForce = await preview(admin, 'booked/client/en')
    assert.equal(inForce.status, 200)
    assert.deepEqual(Object.keys(inForce.body).toSorted(), ['html', 'short', 'subject', 'text'])
    assert.match(inForce.body.subject, /^Booked: your appointment on Monday/)

    const unsaved = await preview(admin, 'booked/client/en', { content: 'Bring <b>your</b> card.' })
    assert.equal(unsaved.body.subject, inForce.body.subject)
    assert.match(unsaved.body.text, /^Bring <b>your<\/b> card\.\n\nWhen: /)
    assert.match(unsaved.body.html, /Bring &lt;b&gt;your&lt;\/b&gt; card\./)
    assert.equal((await get(admin, 'booked/client/en')).body.is_own, false)

    const failing = await preview(admin, 'booked/client/en', { content: '{% nope %}' })
    assert.deepEqual([failing.status, failing.body.errors[0].field], [422, 'content'])
  })

  it("is in the words and with the fields of the organization's trade, for each kind", async () => {
    for (const trade of Object.keys(trades)) {
      const { admin, organization } = await newOrganization(app, { trade })
      const { body } = await preview(admin, 'confirmed/client/en')
      assert.ok(body.subject.includes(`your ${organization.words.appointment.one} on`))
      for (const { label, required } of organization.fields.appointment) {
        if (required) assert.ok(body.text.includes(`${label}:`))
      }
    }
    const { admin } = await newOrganization(app)
    for (const name of templateNames) {
      assert.equal((await preview(admin, `${name.replace('.', '/')}/tr`)).status, 200, name)
    }
  })
})
