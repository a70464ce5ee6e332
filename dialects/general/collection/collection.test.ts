import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, describe, it } from 'node:test'
import newman, { type NewmanRunSummary } from 'newman'
import { createOrganization } from '../../../server/organizations/organizations.ts'
import { trades } from '../../../server/organizations/trades.ts'
import { startApp } from '../../../test/app.ts'
import { type Document, makeCollection } from './collection.ts'
import { flows } from './flows.ts'
import { untilBegun } from './preparations.ts'

const app = await startApp()
after(() => app.stop())
const document: Document = (await app.get('//general/openapi.json')).body
const file = new URL('../appointment_scheduling.postman_collection.json', import.meta.url)
const collection = JSON.parse(await readFile(file, 'utf8'))

/** As `setup` makes it where no administrator is named. */
async function bareOrganization(time_zone: string): Promise<string> {
  const slug = `bare-${crypto.randomUUID()}`
  await createOrganization(app.connection.db, trades.general!, { slug, name: 'Bare', time_zone }, app.now())
  return slug
}

describe('the collection for Postman', () => {
  it('is the one that the API of today makes; if not, `npm run collection` writes it', () => {
    assert.deepEqual(collection, JSON.parse(JSON.stringify(makeCollection(flows, document))))
  })

  it('is not made where the API can do something that no flow shows', () => {
    const paths = { ...document.paths, '/general/api/v1/news': { get: {} } }
    assert.throws(() => makeCollection(flows, { ...document, paths }), /GET \/news is in no flow/)
  })

  it('is not made where a flow asks for what the API cannot do', () => {
    const { '/general/api/v1/auth/me': _, ...paths } = document.paths
    assert.throws(() => makeCollection(flows, { ...document, paths }), /GET \/auth\/me is asked for/)
  })

  it('shows in an empty organization, and once more in the same, what every operation answers', async () => {
    const organization = await bareOrganization('UTC')
    const first = await runCollection(organization)
    assert.deepEqual(failuresOf(first), [])
    assert.deepEqual(operationsIn(first), operationsOf(document))
    assert.ok(first.stats.assertions.total! > first.stats.requests.total!)
    const second = await runCollection(organization)
    assert.deepEqual(failuresOf(second), [])
    assert.equal(second.stats.assertions.total, first.stats.assertions.total)
  })

  const moments = [
    ['Europe/London', 'while the clocks go forward', '2027-03-28T00:59:58Z'],
    ['America/New_York', 'half an hour before midnight, a week before they go back', '2027-10-31T03:30:00Z'],
  ] as const
  for (const [time_zone, when, instant] of moments) {
    it(`shows it in ${time_zone} too, ${when}`, async () => {
      app.setClock(instant)
      assert.deepEqual(failuresOf(await runCollection(await bareOrganization(time_zone))), [])
    })
  }
})

type Run = NewmanRunSummary['run']

/** Nobody waits here: where a request is about to wait until an appointment has begun, the clock is moved on. */
async function runCollection(organization: string): Promise<Run> {
  const waiting = flows.flatMap(({ steps }) => steps.filter(({ before }) => before === untilBegun))
  const envVar = [
    { key: 'base_url', value: app.address },
    { key: 'organization', value: organization },
  ]
  const { promise, resolve, reject } = Promise.withResolvers<Run>()
  newman
    .run({ collection, envVar, reporters: [] }, (error, { run }) => (error ? reject(error) : resolve(run)))
    .on('beforeItem', (_, { item }) => {
      if (waiting.some(({ name }) => name === item.name)) app.pass({ seconds: 3 })
    })
  return promise
}

function failuresOf({ failures }: Run): string[] {
  return failures.map(({ source, error }) => `${source?.name}: ${error.test ?? error.name}: ${error.message}`)
}

/** What was asked, each once, as the OpenAPI document names it. */
function operationsIn({ executions }: Run): string[] {
  const names = executions.map(({ request: { method, url } }) => `${method} ${url.getPath()}`)
  return [
    ...new Set(names.map((name) => name.replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/, '{id}'))),
  ].toSorted()
}

function operationsOf({ paths }: Document): string[] {
  const ofTheApi = Object.entries(paths).filter(([path]) => path.startsWith('/general/api/v1'))
  const all = ofTheApi.flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  return all.toSorted()
}
