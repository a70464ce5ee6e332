import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import { isFailure, newMember, newOffice, newOffices, newVisit } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

describe('the assignment of a host', () => {
  const ends = [
    ['deleting it', (api, path, admin) => api.delete(path, admin), 204],
    ['switching it off', (api, path, admin) => api.put(path, admin, { is_active: false }), 200],
  ] as const satisfies [string, Ending, number][]
  for (const [how, end, success] of ends) {
    it(`ends by ${how}, and can be given again`, async () => {
      const { api, admin, host, office } = await newOffices(app)
      const path = `/offices/hosts/${host.id}/office/${office.id}`
      assert.equal((await end(api, path, admin)).status, success)
      assert.deepEqual((await api.get(`/offices/${office.id}/hosts`, admin)).body, [])
      isFailure(await end(api, path, admin), 404)
      const again = { host_id: host.id, office_id: office.id }
      assert.equal((await api.post('/offices/hosts/assign', admin, again)).status, 201)
    })

    it(`of the only primary host does not end by ${how}`, async () => {
      const { api, admin, stage, host, office } = await newOffices(app)
      const path = `/offices/hosts/${host.id}/office/${office.id}`
      await api.put(path, admin, { is_primary: true })
      isFailure(await end(api, path, admin), 400, /only primary host/)
      const second = await newMember(app, stage, office, 'provider')
      isFailure(await end(api, path, admin), 400, /only primary host/)
      await api.put(`/offices/hosts/${second.id}/office/${office.id}`, admin, { is_primary: true })
      assert.equal((await end(api, path, admin)).status, success)
    })

    it(`of a host with appointments to come there does not end by ${how} until they are gone`, async () => {
      const offices = await newOffices(app)
      const { api, admin, host, office } = offices
      const { id } = await newVisit(offices)
      const path = `/offices/hosts/${host.id}/office/${office.id}`
      isFailure(await end(api, path, admin), 409, /an appointment to come/)
      await api.delete(`/appointments/${id}`, admin)
      assert.equal((await end(api, path, admin)).status, success)
    })
  }

  it('may end with appointments to come at another office', async () => {
    const offices = await newOffices(app)
    const { api, admin, stage, host } = offices
    const other = await newOffice(app, stage)
    await api.post('/offices/hosts/assign', admin, { host_id: host.id, office_id: other.id })
    await newVisit(offices)
    assert.equal((await api.delete(`/offices/hosts/${host.id}/office/${other.id}`, admin)).status, 204)
  })
})

type Api = Awaited<ReturnType<typeof newOffices>>['api']
type Ending = (api: Api, path: string, admin: Person) => ReturnType<Api['get']>
