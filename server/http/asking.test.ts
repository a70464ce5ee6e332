import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newOrganization, newPerson, visiting } from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

/** `fetch` does not let one say who the host is. */
async function getFrom(
  host: string,
  path: string,
): Promise<{ status: number; body: { id: string; code: string } }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
  const asking = httpRequest(`${app.address}/api/v1${path}`, { headers: { host } }, (answer) => {
    text(answer).then((body) => resolve({ status: answer.statusCode!, body }), reject)
  })
  asking.on('error', reject).end()
  const { status, body } = await promise
  return { status, body: JSON.parse(body) }
}

describe('whose organization a request is about', () => {
  it('is that of the token', async () => {
    const { organization, admin } = await newOrganization(app)
    await newOrganization(app)
    assert.equal((await app.get('/organization', { token: admin.token })).body.id, organization.id)
  })

  it('is that which the header names', async () => {
    const { organization } = await newOrganization(app)
    await newOrganization(app)
    const { status, body } = await app.get('/organization', { headers: visiting(organization) })
    assert.equal(status, 200)
    assert.equal(body.id, organization.id)
  })

  it('is that which the host is called after', async () => {
    const { organization } = await newOrganization(app)
    await newOrganization(app)
    for (const host of [`${organization.slug}.book.example`, `${organization.slug}.book.example:3000`]) {
      assert.equal((await getFrom(host, '/organization')).body.id, organization.id)
    }
  })

  it('is what the header says rather than the host', async () => {
    const { organization } = await newOrganization(app)
    const { organization: other } = await newOrganization(app)
    const headers = { ...visiting(organization), host: `${other.slug}.book.example` }
    const { body } = await app.get('/organization', { headers })
    assert.equal(body.id, organization.id)
  })

  it('is the only one there is', async () => {
    const lonely = await startApp()
    try {
      const nobody = await lonely.get('/organization')
      assert.equal(nobody.status, 400)
      const { organization } = await newOrganization(lonely)
      assert.equal((await lonely.get('/organization')).body.id, organization.id)
    } finally {
      await lonely.stop()
    }
  })

  it('is asked for where it is not clear, by the name of the header', async () => {
    await newOrganization(app)
    await newOrganization(app)
    const answers = [await app.get('/organization'), await getFrom('book.example', '/organization')]
    answers.push(await app.post('/auth/login', { body: { email: 'a@b.example', password: 'x' } }))
    for (const { status, body } of answers) {
      assert.equal(status, 400)
      assert.equal(body.code, 'organization_unclear')
      assert.match(JSON.stringify(body), /X-Organization/)
    }
  })

  it('is not guessed where the header names one that is not there', async () => {
    const { admin } = await newOrganization(app)
    for (const slug of ['nobody-here', "x' or ''='", '%', '']) {
      const headers = { 'x-organization': slug }
      for (const asking of [{ headers }, { headers, token: admin.token }]) {
        const { status, body } = await app.get('/organization', asking)
        assert.equal(status, 400, slug)
        assert.equal(body.code, 'organization_unclear')
      }
    }
  })

  it('may be said beside a token, and must then be the same', async () => {
    const { organization, admin } = await newOrganization(app)
    const { organization: other } = await newOrganization(app)
    const asking = (whose: { slug: string }) => ({ token: admin.token, headers: visiting(whose) })
    assert.equal((await app.get('/auth/me', asking(organization))).status, 200)
    const { status, body } = await app.get('/auth/me', asking(other))
    assert.equal(status, 400)
    assert.equal(body.code, 'organization_unclear')
  })
})

describe('who asks', () => {
  it('is told to log in before being asked which organization they mean', async () => {
    await newOrganization(app)
    await newOrganization(app)
    const { status, body } = await app.get('/auth/me')
    assert.equal(status, 401)
    assert.equal(body.code, 'not_logged_in')
  })

  it('with a token that is no good is not taken for a visitor', async () => {
    const { organization } = await newOrganization(app)
    const headers = visiting(organization)
    assert.equal((await app.get('/services', { headers })).status, 200)
    assert.equal((await app.get('/services', { headers, token: 'made-up' })).status, 401)
  })

  it('without any role may what a visitor may, and have what is their own', async () => {
    const { organization } = await newOrganization(app)
    const { id, token } = await newPerson(app, organization, [])
    for (const path of ['/services', '/providers', '/organization']) {
      assert.equal((await app.get(path, { token })).status, 200, path)
    }
    assert.equal((await app.get('/auth/me', { token })).body.id, id)
    assert.deepEqual((await app.get('/clients', { token })).body.items, [])
    for (const path of ['/users', `/users/${id}`]) assert.equal((await app.get(path, { token })).status, 403)
  })
})
