import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { allPages, startApp } from '../../test/app.ts'
import { book, newOrganization, newProvider, newSlot, type Person } from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

const on = (date: number, hour: number) => `2027-03-0${date}T${String(hour).padStart(2, '0')}:00:00Z`

async function found(person: Person, query: string): Promise<string[]> {
  const all = await allPages(app, `/appointments?limit=2&${query}`, person.token)
  return all.map(({ id }) => id)
}

/** Kim of whom a note tells, and Robin with a child; each has appointments, the child's in a slot and in a series. */
async function arrange() {
  const stage = await newOrganization(app, { rules: { grid: 'none', length: 'service', slot_minutes: 60 } })
  const { token } = stage.admin
  const make = async (path: string, body: object) => {
    const answer = await app.post(path, { token, body })
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    return answer.body
  }
  const { id: provider_id } = await newProvider(app, stage)
  const kim = await make('/clients', { name: 'Kim 100%', email: 'kim@example.com', phone: '+441632960001' })
  const robin = await make('/clients', { name: 'Robin' })
  const child = await make('/dependents', { name: 'Toni', client_id: robin.id })
  const slot_id = await newSlot(app, stage, { provider_id, starts_at: on(3, 9), ends_at: on(3, 10) })
  const booked = async (body: Record<string, unknown>) =>
    (await book(app, stage.admin, body)).body.id as string
  const noted = await booked({ provider_id, client_id: kim.id, starts_at: on(2, 9), notes: 'By bicycle' })
  const seat = await booked({ slot_id, client_id: robin.id, dependent_id: child.id })
  const repetition = { every: 'day', count: 2 }
  const weekly = { provider_id, client_id: robin.id, starts_at: on(4, 9), repetition }
  const series = await make('/appointments/series', weekly)
  const [first, second] = series.appointments.map(({ id }: { id: string }) => id) as [string, string]
  return { admin: stage.admin, child, slot_id, series, noted, seat, first, second }
}

describe('appointments', () => {
  it('are found by a part of a name, an address, a phone or a note, whatever its case', async () => {
    const { admin, noted, seat } = await arrange()
    for (const text of ['kim', 'KIM@example', '960001', 'bicycle']) {
      assert.deepEqual(await found(admin, `search=${text}`), [noted], text)
    }
    assert.deepEqual(await found(admin, 'search=toni'), [seat])
    assert.deepEqual(await found(admin, 'search=nobody'), [])
  })

  it('are searched by text that is nothing but text', async () => {
    const { admin, noted } = await arrange()
    assert.deepEqual(await found(admin, `search=${encodeURIComponent('100%')}`), [noted])
    for (const text of ['_im', "' or true --"]) {
      assert.deepEqual(await found(admin, `search=${encodeURIComponent(text)}`), [], text)
    }
  })

  it('are found by the dependent, the slot and the series', async () => {
    const { admin, child, slot_id, series, seat, first, second } = await arrange()
    assert.deepEqual(await found(admin, `dependent_id=${child.id}`), [seat])
    assert.deepEqual(await found(admin, `slot_id=${slot_id}`), [seat])
    assert.deepEqual(await found(admin, `series_id=${series.id}`), [first, second])
  })

  it('come newest first where that is asked for, page by page, each once', async () => {
    const { admin, noted, seat, first, second } = await arrange()
    assert.deepEqual(await found(admin, 'order=asc'), [noted, seat, first, second])
    assert.deepEqual(await found(admin, 'order=desc'), [second, first, seat, noted])
  })
})
