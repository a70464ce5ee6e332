import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Operation } from '../server/http/routes.ts'
import { type Actor, reachOf, roles } from '../server/permissions.ts'
import { type Answer, type Asking, startApp } from './app.ts'
import { formWith, newPerson, visiting } from './cast.ts'
import { everything } from './fingerprint.ts'
import { fillingOf, kindsIn, leftOver, nameOf, type Request, requestFor } from './operations.ts'
import { type Ids, newWorld, type World } from './world.ts'

const app = await startApp({ alone: true })
after(() => app.stop())
/** Those of the core; test/dialects.test.ts walks over the others. */
const operations = app.operations.filter(({ trade }) => !trade)

/** Sends a request as it was made up, and sees that nothing fell over. */
async function send({ method, path, query, body, file }: Request, asking: Asking): Promise<Answer> {
  const search = new URLSearchParams(query).toString()
  const sent = file ? formWith(file) : body
  const answer = await app.request(method, search ? `${path}?${search}` : path, { body: sent, ...asking })
  assert.ok(answer.status < 500, `${method} ${path} falls over: ${JSON.stringify(answer.body)}`)
  return answer
}

/** Not there, nothing there, or (said in the same words whether it exists elsewhere or nowhere) not to be named there. */
function isFound({ status, body, headers }: Answer): boolean {
  if (status === 404) return false
  if (status === 200 && Array.isArray(body.items)) return body.items.length > 0
  if (status === 200 && Array.isArray(body.groups)) return body.groups.length > 0
  if (headers.get('content-type')?.startsWith('text/calendar')) return body.includes('BEGIN:VEVENT')
  return status !== 422 || !body.errors.every(({ field }: { field: string }) => field.endsWith('_id'))
}

const isOpen = ({ may }: Operation) => may === 'everyone' || reachOf(null, may) !== null
const hasBody = (operation: Operation) => fillingOf(operation).body !== undefined

describe('every operation', () => {
  it('is known to this test', () => {
    assert.ok(operations.length > 60)
    for (const operation of operations) fillingOf(operation)
    assert.deepEqual(leftOver(operations), [])
  })

  it('does for an administrator what it is there for', async () => {
    const forReading = await newWorld(app)
    for (const operation of operations) {
      const { ids, admin } = operation.method === 'GET' ? forReading : await newWorld(app)
      const { status, body } = await send(requestFor(operation, ids), { token: admin.token })
      const expected = fillingOf(operation).answers ?? (operation.creates ? 201 : [200, 202, 204])
      assert.ok([expected].flat().includes(status), `${nameOf(operation)}: ${status} ${JSON.stringify(body)}`)
    }
  })
})

describe('every operation, asked by whoever may not,', () => {
  let world: World
  before(async () => (world = await newWorld(app)))

  it('is closed to visitors, unless it is open to everybody', async () => {
    const headers = visiting(world.organization)
    for (const operation of operations) {
      const { status, body } = await send(requestFor(operation, world.ids), { headers })
      const isTurnedAway = status === 401 && body.code === 'not_logged_in'
      assert.equal(isTurnedAway, !isOpen(operation), `${nameOf(operation)}: ${status}`)
    }
  })

  it('is closed to whoever brings a token that is not ours', async () => {
    const asking = { headers: visiting(world.organization), token: 'made-up' }
    for (const operation of operations) {
      if (operation.may === 'everyone') continue
      const { status } = await send(requestFor(operation, world.ids), asking)
      assert.equal(status, 401, nameOf(operation))
    }
  })

  for (const role of roles) {
    it(`is closed to the role ${role} where the table does not grant it`, async () => {
      const { id, token } = await newPerson(app, world.organization, [role])
      const actor: Actor = {
        organization_id: world.organization.id,
        person_id: id,
        session_id: '',
        roles: [role],
        location_ids: [],
      }
      const closed = operations.filter(({ may }) => may !== 'everyone' && !reachOf(actor, may))
      for (const operation of closed) {
        const { status, body } = await send(requestFor(operation, world.ids), { token })
        assert.equal(status, 403, nameOf(operation))
        assert.equal(body.code, 'not_allowed')
      }
      assert.equal(closed.length > 0, role !== 'admin')
    })
  }

  it('hides an appointment and a hold from clients, providers and a desk that have nothing to do with it', async () => {
    for (const role of ['secretary', 'reception', 'provider', 'client'] as const) {
      const { token } = await newPerson(app, world.organization, [role])
      for (const operation of operations) {
        if (!['appointment', 'hold'].includes(fillingOf(operation).id ?? '')) continue
        const { status } = await send(requestFor(operation, world.ids), { token })
        assert.ok(status === 404 || status === 403, `${role}: ${nameOf(operation)}: ${status}`)
      }
    }
  })
})

describe('every operation, asked about something it should not find,', () => {
  let world: World
  let elsewhere: World
  before(async () => {
    world = await newWorld(app)
    elsewhere = await newWorld(app)
  })

  /** Each operation with each id that it takes, the others being right. */
  async function askAbout(
    wrongId: (kind: keyof Ids) => string,
    see: (answer: Answer, where: string, kind: keyof Ids) => void,
  ) {
    for (const operation of operations) {
      for (const kind of kindsIn(operation, world.ids)) {
        const ids = { ...world.ids, [kind]: wrongId(kind) }
        const answer = await send(requestFor(operation, ids), { token: world.admin.token })
        const where = `${nameOf(operation)} with that ${kind}: ${answer.status} ${JSON.stringify(answer.body)}`
        see(answer, where, kind)
      }
    }
  }

  it('does not find what is of another organization, wherever its id stands', async () => {
    const asked = new Set<keyof Ids>()
    await askAbout(
      (kind) => (asked.add(kind), elsewhere.ids[kind]),
      // The secret of a feed is all that is needed to see it, wherever one is logged in.
      (answer, where, kind) => assert.equal(isFound(answer), kind === 'feed', where),
    )
    assert.deepEqual([...asked].toSorted(), Object.keys(world.ids).toSorted())
  })

  it('does not find what does not exist', async () => {
    await askAbout(
      () => crypto.randomUUID(),
      (answer, where) => assert.ok(!isFound(answer), where),
    )
  })

  it('knows what cannot be an id: nothing in an address, a fault in a field', async () => {
    for (const text of ['not-a-uuid', "' or 1=1 --", '7', 'null']) {
      await askAbout(
        () => encodeURIComponent(text),
        ({ status, body }, where) => {
          if (status === 404) return
          assert.equal(status, 422, where)
          assert.match(body.errors[0].field, /_id$/, where)
        },
      )
    }
  })
})

describe('every operation, sent something odd,', () => {
  const odd = [null, -1, 1e308, '', 'A\u0000', '\ud800', 'x'.repeat(20_000), [], [[]], {}, { a: {} }, true]

  it('refuses a body that is no object', async () => {
    const { ids, admin } = await newWorld(app)
    for (const operation of operations.filter(hasBody)) {
      for (const body of ['[]', '"text"', '7', 'true', '[{}]']) {
        const asking = { token: admin.token, headers: { 'content-type': 'application/json' }, body }
        const { status } = await send(requestFor(operation, ids), asking)
        assert.equal(status, 422, `${nameOf(operation)} with ${body}`)
      }
    }
  })

  it('refuses a property that it does not know', async () => {
    const { ids, admin } = await newWorld(app)
    for (const operation of operations.filter(hasBody)) {
      const request = requestFor(operation, ids)
      for (const name of ['organization_id', 'state', '__proto__x', 'constructor']) {
        const { status, body } = await send(request, {
          token: admin.token,
          body: { ...request.body, [name]: 'x' },
        })
        assert.equal(status, 422, `${nameOf(operation)} with ${name}`)
        assert.ok(body.errors.some(({ field }: { field: string }) => field === name))
      }
    }
  })

  it('does not fall over, whatever a property holds', async () => {
    const { ids, admin } = await newWorld(app)
    for (const operation of operations.filter(hasBody)) {
      const request = requestFor(operation, ids)
      for (const name of Object.keys(request.body!)) {
        for (const value of odd) {
          await send(request, { token: admin.token, body: { ...request.body, [name]: value } })
        }
      }
    }
  })

  it('does not fall over, whatever its query holds', async () => {
    const { ids, admin } = await newWorld(app)
    for (const operation of operations) {
      const request = requestFor(operation, ids)
      for (const name of [...Object.keys(request.query), 'cursor', 'unknown']) {
        for (const value of [
          '',
          '\u0000',
          '-1',
          '1e308',
          'null',
          '0000-01-01',
          '9999-12-31T23:59:60.9999999999Z',
        ]) {
          await send({ ...request, query: { ...request.query, [name]: value } }, { token: admin.token })
        }
      }
    }
  })
})

describe('every operation that only reads', () => {
  it('changes nothing, asked by GET or by HEAD, with whatever header', async () => {
    const { ids, admin } = await newWorld(app)
    const before = await everything(app.connection)
    assert.ok(before.length > 15)
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      const request = requestFor(operation, ids)
      const got = await send(request, { token: admin.token, headers: { 'x-http-method-override': 'DELETE' } })
      const headed = await send({ ...request, method: 'HEAD' }, { token: admin.token })
      assert.equal(got.status, 200, nameOf(operation))
      assert.equal(headed.status, 200, nameOf(operation))
      assert.equal(headed.body, '')
    }
    assert.deepEqual(await everything(app.connection), before)
  })
})
