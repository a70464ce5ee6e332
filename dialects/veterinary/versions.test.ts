import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { isFailure, newPractice, visitOf } from './testing/asking.ts'
import { veterinary } from './veterinary.ts'

const app = await startApp({ dialects: [{ ...veterinary, versions: ['v1', 'v2'] }] })
after(() => app.stop())

it('serves a second version of the API by one more mount of the same operations', async () => {
  const practice = await newPractice(app)
  const of = (version: string) =>
    app.operations.flatMap(({ method, url }) =>
      url.startsWith(`/veterinary/api/${version}/`) ? `${method} ${url.replace(version, '')}` : [],
    )
  assert.ok(of('v1').length > 30)
  assert.deepEqual(of('v2'), of('v1'))
  const { token } = practice.owner
  const path = (version: string) => `//veterinary/api/${version}/appointments`
  const booked = await app.post(path('v2'), { token, body: visitOf(practice) })
  assert.deepEqual([booked.status, booked.body.version], [201, 'v2'])
  const first = await app.get(`${path('v1')}/${booked.body.data.id}`, { token })
  assert.deepEqual([first.body.version, first.body.data], ['v1', booked.body.data])
  isFailure(await app.get(path('v3'), { token }), 404)
})

it('has the second version where the first one was moved to, too', async () => {
  const elsewhere = await startApp({
    dialects: [{ ...veterinary, versions: ['v1', 'v2'] }],
    env: { API_V1_STR: '/api/vets' },
  })
  try {
    const practice = await newPractice(elsewhere)
    const { token } = practice.owner
    for (const [path, version] of Object.entries({ '': 'v1', '/v2': 'v2' })) {
      const { body } = await elsewhere.get(`//veterinary/api/vets${path}/auth/me`, { token })
      assert.equal(body.version, version)
    }
  } finally {
    await elsewhere.stop()
  }
})
