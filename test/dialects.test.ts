import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { trades } from '../server/organizations/trades.ts'
import type { Operation } from '../server/http/routes.ts'
import { type Actor, reachOf, roles } from '../server/permissions.ts'
import { type Answer, type Asking, MONDAY, startApp } from './app.ts'
import { newOrganization, newPerson, visiting } from './cast.ts'
import {
  type Ids,
  kindsIn,
  leftOver,
  nameOf,
  questionOf,
  type Request,
  requestFor,
  tokenFor,
  type Walk,
  walks,
  type World,
} from './dialects.ts'
import { everything } from './fingerprint.ts'

const app = await startApp({ alone: true })
after(() => app.stop())

/** Sends a request as it was made up, and sees that nothing fell over. */
async function send({ method, path, query, body }: Request, asking: Asking): Promise<Answer> {
  const search = new URLSearchParams(query).toString()
  const answer = await app.request(method, `/${path}${search && `?${search}`}`, { body, ...asking })
  assert.ok(answer.status < 500, `${method} ${path} falls over: ${JSON.stringify(answer.body)}`)
  return answer
}

/** Not there, nothing there, or a field that names something which is not there. */
function findsNothing(answer: Answer, walk: Walk): boolean {
  const { status, body } = answer
  if (status === 404) return true
  if (status === 422) return /(_ids?|Ids?)\b/.test(walk.sentenceOf(answer))
  // What has an id was found, though it may have a list in which there is nothing yet.
  if (body._id !== undefined) return false
  const parts = [body, ...Object.values(body), ...Object.values(body.data ?? {})]
  const lists = parts.filter((part) => Array.isArray(part))
  return status === 200 && lists.length > 0 && lists.every(({ length }) => length === 0)
}

function isOpen(operation: Operation, { open }: Walk): boolean {
  const { may } = operation
  return may === 'everyone' || (open ? open.includes(nameOf(operation)) : reachOf(null, may) !== null)
}

it('walks over every dialect that there is', () => {
  const mounted = new Set(app.operations.flatMap(({ trade }) => trade ?? []))
  assert.deepEqual([...mounted].toSorted(), Object.keys(walks).toSorted())
})

for (const [trade, walk] of Object.entries(walks)) {
  const operations = app.operations.filter((operation) => operation.trade === trade)
  const withBody = () => operations.filter((operation) => questionOf(operation, walk).body)
  const ask = (operation: Operation, ids: Ids, asking: Asking) =>
    send(requestFor(operation, walk, ids), asking)

  describe(`every operation of the ${trade} dialect`, () => {
    it('is known to this test', () => {
      assert.ok(operations.length > 15)
      for (const operation of operations) questionOf(operation, walk)
      assert.deepEqual(leftOver(operations, walk), [])
    })

    it('does what it is there for, for an administrator or for whom it is there', async () => {
      const forReading = await walk.newWorld(app)
      for (const operation of operations) {
        const { at = MONDAY, answers } = questionOf(operation, walk)
        const own = operation.method === 'GET' ? forReading : await walk.newWorld(app)
        app.setClock(at)
        const answer = await ask(operation, own.ids, { token: tokenFor(operation, walk, own) })
        app.setClock(MONDAY)
        const expected = answers ?? (operation.creates ? 201 : [200, 204])
        const told = `${nameOf(operation)}: ${answer.status} ${JSON.stringify(answer.body)}`
        assert.ok([expected].flat().includes(answer.status), told)
        assert.equal(findsNothing(answer, walk), false, told)
      }
    })
  })

  describe(`every operation of the ${trade} dialect, asked by whoever may not,`, () => {
    let world: World
    before(async () => (world = await walk.newWorld(app)))

    it('is closed to visitors, unless it is open to everybody', async () => {
      const headers = visiting(world.organization)
      for (const operation of operations) {
        // A log-in that fails is no closed door.
        if (questionOf(operation, walk).answers === 401) continue
        const { status } = await ask(operation, world.ids, { headers })
        assert.equal(status === 401, !isOpen(operation, walk), `${nameOf(operation)}: ${status}`)
      }
    })

    it('is closed to whoever brings a token that is not ours, or one of another trade', async () => {
      const other = Object.keys(trades).find((name) => name !== trade)!
      const { admin } = await newOrganization(app, { trade: other })
      for (const operation of operations) {
        if (operation.may === 'everyone') continue
        for (const token of ['made-up', admin.token]) {
          const { status } = await ask(operation, world.ids, { token })
          assert.equal(status, 401, nameOf(operation))
        }
      }
    })

    for (const role of roles) {
      it(`is closed to the role ${role} where the table does not grant it`, async () => {
        const { id: person_id, token } = await newPerson(app, world.organization, [role])
        const organization_id = world.organization.id
        const actor: Actor = { organization_id, person_id, session_id: '', roles: [role], location_ids: [] }
        const closed = operations.filter(({ may }) => may !== 'everyone' && !reachOf(actor, may))
        for (const operation of closed) {
          const { status } = await ask(operation, world.ids, { token })
          assert.equal(status, 403, nameOf(operation))
        }
        assert.equal(closed.length > 0, ![...(walk.mayAll ?? []), 'admin'].includes(role))
      })
    }

    it('hides an appointment from those who have nothing to do with it', async () => {
      const about = operations.filter((one) => kindsIn(one, walk, world.ids).includes('appointment'))
      assert.ok(about.length > 3)
      for (const role of roles.filter((one) => one !== 'admin')) {
        const { token } = await newPerson(app, world.organization, [role])
        for (const operation of about) {
          const { status } = await ask(operation, world.ids, { token })
          assert.ok(status === 404 || status === 403, `${role}: ${nameOf(operation)}: ${status}`)
        }
      }
    })
  })

  describe(`every operation of the ${trade} dialect, asked about something it should not find,`, () => {
    let world: World
    before(async () => (world = await walk.newWorld(app)))

    /** Each operation with each id that it takes, the others being right. */
    async function* askAbout(...wrongIds: ((kind: string) => string)[]) {
      const { ids } = world
      for (const operation of operations) {
        const token = tokenFor(operation, walk, world)
        for (const kind of kindsIn(operation, walk, ids)) {
          const answers = []
          for (const wrongId of wrongIds) {
            answers.push(await ask(operation, { ...ids, [kind]: wrongId(kind) }, { token }))
          }
          const told = answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)
          yield { kind, answers, where: `${nameOf(operation)} with that ${kind}: ${told.join(' / ')}` }
        }
      }
    }

    it('does not find what is of another organization, and says the same of it as of what is nowhere', async () => {
      const elsewhere = await walk.newWorld(app)
      const nowhere = crypto.randomUUID()
      const asked = new Set<string>()
      for await (const { kind, answers, where } of askAbout(
        (of) => elsewhere.ids[of]!,
        () => nowhere,
      )) {
        asked.add(kind)
        for (const answer of answers) assert.ok(findsNothing(answer, walk), where)
        const [theirs, none] = answers.map(({ status, body }) =>
          `${status} ${JSON.stringify(body)}`
            .replaceAll(elsewhere.ids[kind]!, nowhere)
            .replace(/"req-\w+"/, ''),
        )
        assert.equal(theirs, none)
      }
      assert.deepEqual([...asked].toSorted(), Object.keys(world.ids).toSorted())
    })

    it('knows what cannot be an id: nothing in an address, a fault in a field', async () => {
      for (const text of ['not-a-uuid', "' or 1=1 --", '7', 'null']) {
        for await (const { answers, where } of askAbout(() => encodeURIComponent(text))) {
          for (const answer of answers) {
            if (answer.status === walk.impossibleId) continue
            assert.ok([404, 422].includes(answer.status), where)
            assert.ok(findsNothing(answer, walk), where)
          }
        }
      }
    })
  })

  describe(`every operation of the ${trade} dialect, sent something odd,`, () => {
    let world: World
    before(async () => (world = await walk.newWorld(app)))
    const odd = [null, -1, 1e308, '', 'A\u0000', '\ud800', 'x'.repeat(20_000), [], [[]], {}, { a: {} }, true]
    const oddText = ['', '\u0000', '-1', '1e308', 'null', '0000-01-01', '9999-12-31T23:59:60.9999999999Z']

    it('refuses a body that is no object, and one that is no JSON', async () => {
      const headers = { 'content-type': 'application/json' }
      for (const operation of withBody()) {
        const token = tokenFor(operation, walk, world)
        const empty = questionOf(operation, walk).mayHaveNone ? [] : ['']
        for (const body of ['[]', '"text"', '7', 'true', '[{}]', '{', ...empty]) {
          const { status } = await ask(operation, world.ids, { token, headers, body })
          assert.ok([400, 422].includes(status), `${nameOf(operation)} with ${body}: ${status}`)
        }
      }
    })

    it('does not fall over, whatever a property holds', async () => {
      for (const operation of withBody()) {
        const request = requestFor(operation, walk, world.ids)
        const token = tokenFor(operation, walk, world)
        for (const name of Object.keys(request.body!)) {
          for (const value of odd) {
            const body = { ...request.body, [name]: value }
            await send(request, { token, body })
          }
        }
      }
    })

    it('does not fall over, whatever its query holds', async () => {
      for (const operation of operations) {
        const request = requestFor(operation, walk, world.ids)
        const token = tokenFor(operation, walk, world)
        for (const name of [...Object.keys(request.query), 'unknown']) {
          for (const value of oddText) {
            const query = { ...request.query, [name]: value }
            await send({ ...request, query }, { token })
          }
        }
      }
    })
  })

  describe(`every operation of the ${trade} dialect that only reads`, () => {
    it('changes nothing, asked by GET or by HEAD, with whatever header', async () => {
      const own = await walk.newWorld(app)
      const before = await everything(app.connection)
      for (const operation of operations.filter(({ method }) => method === 'GET')) {
        const headers = { 'x-http-method-override': 'DELETE' }
        const request = requestFor(operation, walk, own.ids)
        const asking = { token: tokenFor(operation, walk, own), headers }
        const got = await send(request, asking)
        const headed = await send({ ...request, method: 'HEAD' }, asking)
        assert.deepEqual([got.status, headed.status, headed.body], [200, 200, ''], nameOf(operation))
      }
      assert.deepEqual(await everything(app.connection), before)
    })
  })
}
