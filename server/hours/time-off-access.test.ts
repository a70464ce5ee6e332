import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { allPages, startApp } from '../../test/app.ts'
import {
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  type Person,
  visiting,
  worksAt,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const eleven = { starts_at: '2027-03-02T11:00:00Z', ends_at: '2027-03-02T12:00:00Z' }

const app = await startApp()
after(() => app.stop())

/** Whose the time off is. Ada works here; the secretary and the reception are of this location. */
const owners = ['ada', 'ada here', 'ada there', 'bob', 'bob here', 'here', 'there', 'everybody'] as const
type Owner = (typeof owners)[number]

/** Closures are for all who work there to know. */
const closures = ['here', 'there', 'everybody'] as const
const ofTheDesk = ['ada', 'ada here', 'bob here', ...closures] as const

const theirs: Record<string, { change: readonly Owner[]; read: readonly Owner[] }> = {
  admin: { change: owners, read: owners },
  secretary: { change: ['ada here', 'bob here', 'here'], read: ofTheDesk },
  reception: { change: [], read: ofTheDesk },
  ada: { change: ['ada', 'ada here', 'ada there'], read: ['ada', 'ada here', 'ada there', ...closures] },
  client: { change: [], read: [] },
}

describe('who may take time off, change it and end it', () => {
  for (const [who, { change }] of Object.entries(theirs)) {
    it(`${who}: ${change.join(', ') || 'nobody’s'}`, async () => {
      const { stage, people, owner } = await arrange()
      const { token } = people[who as keyof typeof people]
      for (const whose of owners) {
        const wanted = { ...owner[whose], ...eleven }
        const answer = await app.post('/time-off', { token, body: wanted })
        const isAllowed = change.includes(whose)
        assert.equal(said(answer), isAllowed ? '201' : '403 not_allowed', whose)
        const { id } = (await app.post('/time-off', { token: stage.admin.token, body: wanted })).body
        // Whoever may change nothing at all is told so at the door; others only of what they may know.
        const isKnown = change.length === 0 || theirs[who]!.read.includes(whose)
        const refused = isKnown ? '403 not_allowed' : '404 not_found'
        const changed = await app.request('PATCH', `/time-off/${id}`, { token, body: { reason: 'Ill' } })
        assert.equal(said(changed), isAllowed ? '200' : refused, whose)
        const ended = await app.request('DELETE', `/time-off/${id}`, { token })
        assert.equal(said(ended), isAllowed ? '204' : refused, whose)
      }
    })
  }

  it('is for those who have logged in', async () => {
    const { stage } = await arrange()
    const headers = visiting(stage.organization)
    assert.equal(said(await app.get('/time-off', { headers })), '401 not_logged_in')
    assert.equal(said(await app.post('/time-off', { headers, body: eleven })), '401 not_logged_in')
  })

  it('ends at the border of the organization', async () => {
    const [here, there] = [await arrange(), await arrange()]
    const { token } = here.stage.admin
    for (const whose of ['ada', 'here'] as const) {
      const answer = await app.post('/time-off', { token, body: { ...there.owner[whose], ...eleven } })
      assert.equal(said(answer), '404 not_found')
    }
    const { id } = (await app.post('/time-off', { token: there.stage.admin.token, body: eleven })).body
    assert.equal(said(await app.get(`/time-off/${id}`, { token })), '404 not_found')
    assert.equal(said(await app.request('DELETE', `/time-off/${id}`, { token })), '404 not_found')
  })
})

describe('what somebody sees of time off', () => {
  for (const [who, { read }] of Object.entries(theirs).filter(([name]) => name !== 'client')) {
    it(`${who}: ${read.join(', ')}`, async () => {
      const { people, ids } = await arrangeAll()
      const { token } = people[who as keyof typeof people]
      const listed = await allPages(app, '/time-off?limit=3', token)
      assert.deepEqual(
        listed.map(({ id }) => id),
        read.map((whose) => ids[whose]),
      )
      for (const whose of owners) {
        const answer = await app.get(`/time-off/${ids[whose]}`, { token })
        assert.equal(said(answer), read.includes(whose) ? '200' : '404 not_found', whose)
      }
    })
  }

  it('nothing, as a client: neither when nor why', async () => {
    const { people, ids } = await arrangeAll()
    const { token } = people.client
    assert.equal(said(await app.get('/time-off', { token })), '403 not_allowed')
    assert.equal(said(await app.get(`/time-off/${ids.everybody}`, { token })), '403 not_allowed')
  })

  it('what they ask for: of a provider, at a location, in a time', async () => {
    const { stage, people, owner, ids } = await arrangeAll()
    const ask = async (query: Record<string, string>) => {
      const path = `/time-off?${new URLSearchParams(query)}`
      return (await allPages(app, path, stage.admin.token)).map(({ id }) => id)
    }
    const { id: provider_id } = people.ada
    assert.deepEqual(await ask({ provider_id }), [ids.ada, ids['ada here'], ids['ada there']])
    assert.deepEqual(await ask({ provider_id, location_id: owner.here.location_id }), [ids['ada here']])
    // Each begins a minute after the one before it, at eleven; all end at twelve.
    assert.deepEqual(await ask({ to: '2027-03-02T11:01:00Z' }), [ids.ada])
    assert.deepEqual(await ask({ from: '2027-03-02T12:00:00Z' }), [])
    assert.equal((await ask({ from: '2027-03-02T11:59:59Z' })).length, owners.length)
  })
})

async function arrange() {
  const stage = await newOrganization(app)
  const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
  const [ada, bob] = [await newProvider(app, stage), await newProvider(app, stage)]
  const secretary = await newPerson(app, stage.organization, ['secretary'])
  const reception = await newPerson(app, stage.organization, ['reception'])
  const people = { admin: stage.admin, secretary, reception, ada, client: await newClient(app, stage) }
  for (const who of [ada, secretary, reception]) await worksAt(app, stage, who, here)
  const at = ({ id: location_id }: { id: string }, who?: Person) => ({ location_id, provider_id: who?.id })
  const owner = {
    ada: { provider_id: ada.id },
    'ada here': at(here, ada),
    'ada there': at(there, ada),
    bob: { provider_id: bob.id },
    'bob here': at(here, bob),
    here: at(here),
    there: at(there),
    everybody: {},
  } satisfies Record<Owner, object>
  return { stage, people, owner }
}

/** One time off of each kind. */
async function arrangeAll() {
  const arranged = await arrange()
  const { token } = arranged.stage.admin
  const ids: Partial<Record<Owner, string>> = {}
  for (const [n, whose] of owners.entries()) {
    const body = { ...arranged.owner[whose], ...eleven, starts_at: `2027-03-02T11:0${n}:00Z` }
    ids[whose] = (await app.post('/time-off', { token, body })).body.id
  }
  return { ...arranged, ids }
}
