import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp, type TestApp } from '../test/app.ts'
import { newOrganization, newPersonWithPassword, PASSWORD, visiting } from '../test/cast.ts'

const started: TestApp[] = []
after(() => Promise.all(started.map((app) => app.stop())))

async function startWith(env: Record<string, string>): Promise<TestApp> {
  const app = await startApp({ env })
  started.push(app)
  return app
}

describe('the settings of the systems that dialects stand in for', () => {
  it('say where the paths of a dialect begin, and leave those of the core where they are', async () => {
    const app = await startWith({ API_V1_STR: '/api/v2' })
    const { organization, admin } = await newOrganization(app)
    const headers = visiting(organization)
    assert.equal((await app.get('//general/api/v2/availability', { headers })).status, 200)
    assert.equal((await app.get('//general/api/v1/availability', { headers })).status, 404)
    assert.equal((await app.get('/api/v1/auth/me', { token: admin.token })).status, 200)
    const { body } = await app.get('//general/openapi.json')
    const paths = Object.keys(body.paths)
    assert.ok(paths.includes('/general/api/v2/auth/login'))
    for (const path of paths) assert.match(path, /^\/general\/(api\/v2|health)(\/|$)/)
    assert.deepEqual(body.paths['/general/api/v2/auth/login'].post.tags, ['auth'])
  })

  it('say what a dialect is called, and leave the core its name', async () => {
    const app = await startWith({ PROJECT_NAME: 'Hair & <Beards>' })
    assert.match((await app.get('//general')).body.message, /Welcome to the Hair & <Beards>/)
    assert.equal((await app.get('//general/openapi.json')).body.info.title, 'Hair & <Beards>')
    assert.match((await app.get('//general/redoc')).body, /<title>Hair &#38; &#60;Beards&#62;<\/title>/)
    assert.equal((await app.get('//openapi.json')).body.info.title, 'Punctual')
  })

  it('say how long a token lives, whatever the organization says', async () => {
    const app = await startWith({ ACCESS_TOKEN_EXPIRE_MINUTES: '45' })
    const { organization } = await newOrganization(app)
    const { email: username } = await newPersonWithPassword(app, organization, ['client'])
    const { body } = await app.post('//general/api/v1/auth/login', {
      headers: visiting(organization),
      body: new URLSearchParams({ username, password: PASSWORD }),
    })
    const token: string = body.access_token
    const me = async () => (await app.get('//general/api/v1/auth/me', { token })).status
    app.pass({ minutes: 44 })
    assert.equal(await me(), 200)
    app.pass({ minutes: 1 })
    assert.equal(await me(), 401)
  })
})
