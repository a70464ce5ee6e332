import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { book, newClient, newLocation, newOrganization, newProvider, worksAt } from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const app = await startApp()
after(() => app.stop())

describe('one appointment of a client at a location', () => {
  it('is enough while it is to come', async () => {
    const { client, anna, ben } = await arrange()
    assert.equal(said(await book(app, client, on(anna, 9))), '201')
    assert.equal(said(await book(app, client, on(ben, 11))), '422 one_per_client_and_location')
  })

  it('says nothing of another location, nor of another client', async () => {
    const { stage, client, anna, elsewhere } = await arrange()
    assert.equal(said(await book(app, client, on(anna, 9))), '201')
    assert.equal(said(await book(app, client, on(elsewhere, 11))), '201')
    assert.equal(said(await book(app, await newClient(app, stage), on(anna, 12))), '201')
  })

  it('is no more in the way once it is cancelled, and does not keep itself from being moved', async () => {
    const { client, anna, ben } = await arrange()
    const { body } = await book(app, client, on(anna, 9))
    const moved = await app.post(`/appointments/${body.id}/reschedule`, {
      token: client.token,
      body: { starts_at: '2027-03-02T10:00:00Z' },
    })
    assert.equal(said(moved), '200')
    await app.post(`/appointments/${body.id}/cancel`, { token: client.token })
    assert.equal(said(await book(app, client, on(ben, 11))), '201')
  })
})

const on = ({ id }: { id: string }, hour: number) => ({
  provider_id: id,
  starts_at: `2027-03-02T${`${hour}`.padStart(2, '0')}:00:00Z`,
})

async function arrange() {
  const rules = {
    grid: 'windows',
    length: 'service',
    slot_minutes: 60,
    one_per_client_and_location: true,
  } as const
  const stage = await newOrganization(app, { rules })
  const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
  const [anna, ben] = [await newProvider(app, stage), await newProvider(app, stage)]
  const elsewhere = await newProvider(app, stage)
  for (const provider of [anna, ben]) await worksAt(app, stage, provider, here)
  await worksAt(app, stage, elsewhere, there)
  return { stage, client: await newClient(app, stage), anna, ben, elsewhere }
}
