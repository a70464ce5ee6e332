import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { type Answer, startApp } from '../test/app.ts'

const app = await startApp()
after(() => app.stop())

const { body: core } = await app.get('//openapi.json')
const shapesOf = ({ components }: { components: { schemas: object } }) => Object.keys(components.schemas)

const dialects = [
  { trade: 'clinic', title: 'Clinic Appointment System', shapes: /^Clinic|^Health$/, least: 20 },
  { trade: 'general', title: 'Appointment Scheduling System', shapes: /^General|^Health$/, least: 21 },
  { trade: 'office', title: 'Office Appointment System', shapes: /Office|^Health$/, least: 20 },
  { trade: 'school', title: 'School Appointment System', shapes: /^School|^Health$/, least: 42 },
  { trade: 'veterinary', title: 'Veterinary Clinic API', shapes: /Veterinar|^Health$/, least: 35 },
]
/** Fetched before there are tests, as those that are there begin at the first wait. */
const documents = new Map<string, Answer>()
for (const { trade } of dialects) documents.set(trade, await app.get(`//${trade}/openapi.json`))

it('walks over the documents of every dialect that there is', () => {
  const mounted = new Set(app.operations.flatMap(({ trade }) => trade ?? []))
  assert.deepEqual(
    [...mounted].toSorted(),
    dialects.map(({ trade }) => trade),
  )
})

for (const { trade, title, shapes, least } of dialects) {
  const { status, body: document } = documents.get(trade)!
  const paths: [string, Record<string, Operation>][] = Object.entries(document.paths)

  describe(`the root of the ${trade} dialect`, () => {
    it('welcomes whoever comes, and says where the documentation is', async () => {
      for (const path of [`//${trade}`, `//${trade}/`]) {
        const answer = await app.get(path)
        assert.equal(answer.status, 200, path)
        assert.equal(answer.body.message, `Welcome to the ${title}. Its documentation is at /${trade}/docs.`)
      }
    })
  })

  describe(`the OpenAPI document of the ${trade} dialect`, () => {
    it('is of version 3.1 and says what it is about', () => {
      assert.equal(status, 200)
      assert.match(document.openapi, /^3\.1\./)
      assert.equal(document.info.title, title)
      assert.match(document.info.description, /wall clock/)
    })

    it('has every operation of the dialect, and no other', () => {
      const told = paths.flatMap(([path, item]) =>
        Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
      )
      const own = new RegExp(`^/${trade}/(api/v1|health)(/|$)`)
      const there = app.operations
        .filter((one) => one.trade === trade && own.test(one.url))
        .map(({ method, url }) => `${method} ${url}`)
      assert.ok(there.length >= least)
      assert.ok(there.includes(`GET /${trade}/health/ready`))
      assert.deepEqual(told.toSorted(), there.toSorted())
    })

    it('refers to nothing that is not in it', () => {
      const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, to]) => to!)
      assert.ok(references.length > 20)
      for (const reference of references) {
        const [, name] = /^#\/components\/schemas\/(\w+)$/.exec(reference) ?? []
        assert.ok(name && document.components.schemas[name], reference)
      }
    })

    it('says of every operation that it fails in the dialect’s own way', () => {
      const name = shapesOf(document).find((one) => one.endsWith('Failure'))
      const failure = { $ref: `#/components/schemas/${name}` }
      for (const [path, item] of paths) {
        for (const { responses } of Object.values(item)) {
          assert.deepEqual(responses.default.content['application/json']?.schema, failure, path)
        }
      }
    })

    it('has the shapes of the dialect alone, and that of the core has none of them', () => {
      assert.ok(shapesOf(document).length > 10)
      for (const name of shapesOf(document)) assert.match(name, shapes)
      const theirs = new Set(shapesOf(document).filter((name) => name !== 'Health'))
      assert.deepEqual(
        shapesOf(core).filter((name) => theirs.has(name)),
        [],
      )
    })

    it('is not told among the paths of the core', () => {
      for (const path of Object.keys(core.paths)) assert.ok(!path.startsWith(`/${trade}`), path)
    })
  })

  describe(`the documentation of the ${trade} dialect`, () => {
    it('can be read at /docs, and shows the document of the dialect', async () => {
      for (const path of [`//${trade}/docs`, `//${trade}/docs/`]) {
        const page = await app.get(path)
        assert.equal(page.status, 200, path)
        assert.match(page.headers.get('content-type')!, /^text\/html/)
        await comesFromHere(page, path)
      }
      assert.deepEqual((await app.get(`//${trade}/docs/json`)).body, document)
    })

    it('can be read at /redoc, of which everything comes from here', async () => {
      for (const path of [`//${trade}/redoc`, `//${trade}/redoc/`]) {
        const page = await app.get(path)
        assert.equal(page.status, 200, path)
        assert.match(page.headers.get('content-type')!, /^text\/html/)
        assert.doesNotMatch(page.body, /\/\/[\w-]+\./)
        assert.ok(page.body.includes(`<redoc spec-url="/${trade}/openapi.json">`))
        assert.ok(page.body.includes(`<title>${title}</title>`))
        const [script] = await comesFromHere(page, path)
        assert.match(script!.headers.get('content-type')!, /^text\/javascript/)
        assert.doesNotThrow(() => new Function(script!.body))
        assert.match(script!.body, /Redoc/)
      }
    })
  })
}

interface Operation {
  responses: { default: { content: Record<string, { schema: object } | undefined> } }
}

/** Asks for all that a page links to, as a browser would; sees that it is of this host, and there. */
async function comesFromHere(page: Answer, path: string): Promise<Answer[]> {
  const addresses = [...String(page.body).matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, to]) => to!)
  assert.ok(addresses.length > 0)
  const answers: Answer[] = []
  for (const address of addresses) {
    const { origin, pathname } = new URL(address, app.address + path.replace('//', '/'))
    assert.equal(origin, app.address)
    const answer = await app.get(`/${pathname}`)
    assert.equal(answer.status, 200, pathname)
    answers.push(answer)
  }
  return answers
}
