import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../test/app.ts'
import { newOrganization, newProvider, visiting } from '../test/cast.ts'
import { generalApi, isFailure } from './general/testing/asking.ts'

const app = await startApp()
after(() => app.stop())

describe('a dialect serves the organizations of its trade', () => {
  it('and knows no token of another', async () => {
    const school = await newOrganization(app, { trade: 'school' })
    const { token } = school.admin
    const refused = await app.get('//general/api/v1/auth/me', { token })
    isFailure(refused, 401)
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer')
    isFailure(await app.get('//general/api/v1/availability', { token }), 401)
    assert.equal((await app.get('/auth/me', { token })).status, 200)
  })

  it('and knows no name of another', async () => {
    const school = await newOrganization(app, { trade: 'school' })
    const headers = visiting(school.organization)
    isFailure(await app.get('//general/api/v1/availability', { headers }), 400, /no organization/)
    isFailure(
      await app.get('//general/api/v1/availability', { headers: { 'x-organization': 'nobody' } }),
      400,
    )
    assert.equal((await app.get('/organization', { headers })).status, 200)
  })

  it('that the token names, and refuses another name beside it', async () => {
    const [one, other] = [await newOrganization(app), await newOrganization(app)]
    const { token } = one.admin
    const shown = await app.get('//general/api/v1/auth/me', { token })
    assert.equal(shown.body.id, one.admin.id)
    isFailure(await generalApi(app, other).get('/auth/me', one.admin), 400, /two different organizations/)
  })

  it('that the name of the host says', async () => {
    const stage = await newOrganization(app)
    const provider = await newProvider(app, stage, { weekdays: [1] })
    const headers = { host: `${stage.organization.slug}.example.com` }
    const answer = await app.app.inject({ url: '/general/api/v1/availability', headers })
    assert.deepEqual(staffOf(answer.json()), [provider.id])
  })

  it('of which the oldest is meant where nobody says which', async () => {
    const own = await startApp()
    try {
      await newOrganization(own, { trade: 'school' })
      isFailure(await own.get('//general/api/v1/availability'), 400, /X-Organization/)
      own.setClock('2027-02-02T08:00:00Z')
      await newProvider(own, await newOrganization(own), { weekdays: [1] })
      own.setClock('2027-02-01T08:00:00Z')
      const oldest = await newProvider(own, await newOrganization(own), { weekdays: [1] })
      const { body } = await own.get('//general/api/v1/availability')
      assert.deepEqual(staffOf(body), [oldest.id])
    } finally {
      await own.stop()
    }
  })
})

function staffOf(availabilities: { staff_id: string }[]): string[] {
  return [...new Set(availabilities.map(({ staff_id }) => staff_id))]
}
