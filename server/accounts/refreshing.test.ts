import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { logIn, newOrganization, newPersonWithPassword, type Person, type Stage } from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

interface Pair {
  access_token: string
  refresh_token: string
}

async function loggedIn(stage?: Stage): Promise<Pair & { stage: Stage; person: Person }> {
  const made = stage ?? (await newOrganization(app, { rules: { refresh_token_days: 7 } }))
  const person = await newPersonWithPassword(app, made.organization, ['client'])
  const { body } = await logIn(app, made.organization, person.email)
  return { ...body, stage: made, person }
}

const refresh = (refresh_token: string) => app.post('/auth/refresh', { body: { refresh_token } })
const statusOf = async (access_token: string) => (await app.get('/auth/me', { token: access_token })).status

async function refreshed(refresh_token: string): Promise<Pair> {
  const { status, body } = await refresh(refresh_token)
  assert.equal(status, 200)
  return body
}

async function isRefused(refresh_token: string): Promise<void> {
  const { status, body } = await refresh(refresh_token)
  assert.equal(status, 401)
  assert.equal(body.code, 'refresh_token_invalid')
}

describe('refreshing', () => {
  it('gives a new pair that works, without a header that names the organization', async () => {
    await newOrganization(app)
    const first = await loggedIn()
    const second = await refreshed(first.refresh_token)
    assert.notEqual(second.refresh_token, first.refresh_token)
    assert.equal(await statusOf(second.access_token), 200)
    assert.equal((await refresh(second.refresh_token)).status, 200)
  })

  it('with a token for the second time ends the whole log-in: one of the two is a thief', async () => {
    const stolen = await loggedIn()
    const next = await refreshed(stolen.refresh_token)
    app.pass({ seconds: 11 })
    await isRefused(stolen.refresh_token)
    assert.equal(await statusOf(next.access_token), 401)
    assert.equal(await statusOf(stolen.access_token), 401)
    await isRefused(next.refresh_token)
  })

  it('ends no other log-in of the same person', async () => {
    const stolen = await loggedIn()
    const elsewhere = (await logIn(app, stolen.stage.organization, stolen.person.email)).body
    await refreshed(stolen.refresh_token)
    app.pass({ seconds: 11 })
    await isRefused(stolen.refresh_token)
    assert.equal(await statusOf(elsewhere.access_token), 200)
  })

  it('in two tabs at once is not taken for theft', async () => {
    const { refresh_token } = await loggedIn()
    const answers = await Promise.all([refresh(refresh_token), refresh(refresh_token)])
    for (const { status, body } of answers) {
      assert.equal(status, 200)
      assert.equal(await statusOf(body.access_token), 200)
    }
  })

  it('allows ten seconds of grace, counted from the first use', async () => {
    const { refresh_token } = await loggedIn()
    await refreshed(refresh_token)
    app.pass({ seconds: 6 })
    await refreshed(refresh_token)
    app.pass({ seconds: 4 })
    const last = await refreshed(refresh_token)
    app.pass({ seconds: 1 })
    await isRefused(refresh_token)
    assert.equal(await statusOf(last.access_token), 401)
  })

  it('is possible for as many days as the rules say', async () => {
    const { refresh_token, stage } = await loggedIn()
    const other = await loggedIn(stage)
    app.pass({ hours: 7 * 24 - 1 })
    await refreshed(refresh_token)
    app.pass({ hours: 1 })
    await isRefused(other.refresh_token)
  })

  it('is refused to a disabled account', async () => {
    const { refresh_token, stage, person } = await loggedIn()
    const { token } = stage.admin
    await app.request('PATCH', `/users/${person.id}`, { token, body: { is_active: false } })
    await isRefused(refresh_token)
  })

  it('is refused with anything that is no refresh token of ours', async () => {
    const { access_token, refresh_token, stage } = await loggedIn()
    const other = await newOrganization(app)
    const [, secret] = refresh_token.split('.')
    for (const token of [
      access_token,
      'nonsense',
      `${'-'.repeat(36)}.${secret}`,
      `${other.organization.id}.${secret}`,
      `${stage.organization.id}.`,
      stage.organization.id,
      `\u0000.${secret}`,
    ]) {
      await isRefused(token)
    }
    await refreshed(refresh_token)
  })

  it('needs the very token: the database keeps none that could be used', async () => {
    const { refresh_token } = await loggedIn()
    const rows = await app.connection.db.selectFrom('refresh_tokens').select('token_hash').execute()
    const [organization_id, secret] = refresh_token.split('.')
    for (const { token_hash } of rows) {
      assert.ok(!token_hash.toString('latin1').includes(secret!))
      await isRefused(`${organization_id}.${token_hash.toString('base64url')}`)
    }
  })
})
