import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { startApp } from '../../test/app.ts'

const app = await startApp()
after(() => app.stop())
const { status, body: document } = await app.get('//openapi.json')

type Json = Record<string, unknown>
const methods = ['get', 'post', 'put', 'patch', 'delete']

/** Every object in the document, wherever it stands. */
function* objectsIn(value: unknown): Generator<Json> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as Json
  for (const inner of Object.values(value)) yield* objectsIn(inner)
}

function* operationsIn(paths: Record<string, Record<string, Json>>) {
  for (const [path, item] of Object.entries(paths)) {
    for (const method of methods) if (item[method]) yield { path, method, operation: item[method] }
  }
}

describe('the OpenAPI document', () => {
  it('is of version 3.1 and says what it is about', () => {
    assert.equal(status, 200)
    assert.match(document.openapi, /^3\.1\./)
    assert.equal(document.info.title, 'Punctual')
    assert.ok(document.info.version)
  })

  it('has every operation of the API, and no other', () => {
    const told = [...operationsIn(document.paths)].map(
      ({ path, method }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    )
    const there = app.operations
      .filter(({ url }) => url.startsWith('/api/v1/'))
      .map(({ method, url }) => `${method} ${url}`)
    assert.ok(there.length > 40)
    assert.deepEqual(told.filter((name) => name.includes('/api/v1/')).toSorted(), there.toSorted())
  })

  it('refers to nothing that is not in it', () => {
    const references = [...objectsIn(document)].flatMap(({ $ref }) =>
      typeof $ref === 'string' ? [$ref] : [],
    )
    assert.ok(references.length > 50)
    for (const reference of references) {
      const [, name] = /^#\/components\/schemas\/(\w+)$/.exec(reference) ?? []
      assert.ok(name && document.components.schemas[name], reference)
    }
  })

  it('calls every shape by its name', () => {
    const names = Object.keys(document.components.schemas)
    assert.ok(names.includes('Appointment') && names.includes('Problem'))
    for (const name of names) assert.match(name, /^[A-Z][A-Za-z]+$/)
    assert.doesNotMatch(JSON.stringify(document), /def-\d/)
  })

  it('has shapes that are JSON Schema of the version that OpenAPI 3.1 takes', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true })
    addFormats.default(ajv)
    ajv.addKeyword('components')
    for (const schema of Object.values(document.components.schemas)) {
      assert.equal(ajv.validateSchema(schema as object), true, JSON.stringify(ajv.errors))
    }
    ajv.addSchema({ $id: 'document', components: document.components })
    for (const name of Object.keys(document.components.schemas)) {
      ajv.compile({ $ref: `document#/components/schemas/${name}` })
    }
  })

  it('describes each parameter of each path, and an answer of each operation', () => {
    for (const { path, method, operation } of operationsIn(document.paths)) {
      const where = `${method} ${path}`
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const parameters = (operation.parameters ?? []) as { name: string; in: string; required?: boolean }[]
      const told = parameters.filter((parameter) => parameter.in === 'path')
      assert.deepEqual(
        told.map(({ name }) => name),
        wanted,
        where,
      )
      assert.ok(
        told.every(({ required }) => required),
        where,
      )
      const responses = Object.keys(operation.responses as Json)
      assert.ok(
        responses.some((code) => /^2\d\d$/.test(code)),
        `${where} ${responses}`,
      )
    }
  })

  it('can be read by people at /docs', async () => {
    const page = await app.get('//docs/')
    assert.equal(page.status, 200)
    assert.match(page.headers.get('content-type')!, /^text\/html/)
    const shown = await app.get('//docs/json')
    assert.deepEqual(shown.body, document)
  })

  it('asks nobody to log in', async () => {
    for (const path of ['//openapi.json', '//docs', '//docs/', '//docs/json']) {
      assert.equal((await app.get(path)).status, 200, path)
    }
  })
})
