import { namingTheOrganization } from './preparations.ts'
import { linesOf, scriptOf } from './scripts.ts'
import type { Flow, Step } from './steps.ts'

/** As much as is needed of an OpenAPI document. */
export interface Document {
  info: { title: string; description?: string }
  paths: Record<string, Record<string, { summary?: string; description?: string }>>
}

/** Where the paths of the dialect begin. */
const BASE = '/general/api/v1'

/** What whoever runs it may set. */
const variables = {
  base_url: ['http://127.0.0.1:3000', 'Where the program answers'],
  organization: ['', 'The slug of the organization, where there is more than one'],
  admin_email: ['admin@example.com', 'An administrator; made where there is none'],
  admin_password: ['Correct-Horse-9', 'The password of the administrator'],
  password: ['Correct-Horse-9', 'The password of everybody else'],
}

/**
 * The flows as a Postman collection (format v2.1.0): what the requests are about and where they go is read from the
 * OpenAPI document. Throws for an operation that one of the two has and the other has not.
 */
export function makeCollection(flows: Flow[], document: Document) {
  const operations = operationsOf(document)
  requireTheSame(flows, operations)
  return {
    info: {
      name: document.info.title,
      description: document.info.description,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    variable: Object.entries(variables).map(([key, [value, description]]) => ({ key, value, description })),
    event: [eventOf('prerequest', linesOf(namingTheOrganization))],
    item: flows.map(({ name, description, steps }) => ({
      name,
      description,
      item: steps.map((step) => itemOf(step, operations.get(step.asks)!)),
    })),
  }
}

interface Operation {
  method: string
  path: string
  about: string
}

/** Every operation of the API, as the flows name it; what else the document has, such as the program's health, is not of it. */
function operationsOf({ paths }: Document): Map<string, Operation> {
  const ofTheApi = Object.entries(paths).filter(([path]) => path.startsWith(BASE))
  const all = ofTheApi.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary, description }]) => {
      const name = `${method.toUpperCase()} ${path.replace(BASE, '')}`
      const about = [summary, description].filter(Boolean).join('\n\n')
      return [name, { method: method.toUpperCase(), path, about }] as const
    }),
  )
  return new Map(all)
}

function requireTheSame(flows: Flow[], operations: Map<string, Operation>): void {
  const asked = new Set<string>(flows.flatMap(({ steps }) => steps.map(({ asks }) => asks)))
  const known = new Set(operations.keys())
  const wrong = [
    ...[...asked.difference(known)].map((name) => `${name} is asked for, and the API does not have it.`),
    ...[...known.difference(asked)].map((name) => `${name} is in no flow of the collection.`),
  ]
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

function itemOf(step: Step, { method, path, about }: Operation) {
  const { name, before, json, form, as } = step
  return {
    name,
    event: [...(before ? [eventOf('prerequest', linesOf(before))] : []), eventOf('test', scriptOf(step))],
    request: {
      description: about,
      auth: as
        ? { type: 'bearer', bearer: [{ key: 'token', value: `{{${as}_token}}`, type: 'string' }] }
        : { type: 'noauth' },
      method,
      header: [],
      ...(json && { body: jsonOf(json) }),
      ...(form && { body: { mode: 'urlencoded', urlencoded: pairsOf(form) } }),
      url: urlOf(step, path),
    },
    response: [],
  }
}

function urlOf({ id, query }: Step, path: string) {
  const parts = path.replace('{id}', `{{${id}_id}}`).slice(1).split('/')
  const asked = Object.entries(query ?? {}).map(([key, value]) => `${key}=${value}`)
  return {
    raw: [`{{base_url}}/${parts.join('/')}`, ...(query ? [asked.join('&')] : [])].join('?'),
    host: ['{{base_url}}'],
    path: parts,
    ...(query && { query: pairsOf(query) }),
  }
}

function jsonOf(json: Record<string, unknown>) {
  return { mode: 'raw', raw: JSON.stringify(json, null, 2), options: { raw: { language: 'json' } } }
}

function pairsOf(values: Record<string, string | number>) {
  return Object.entries(values).map(([key, value]) => ({ key, value: String(value) }))
}

function eventOf(listen: 'prerequest' | 'test', exec: string[]) {
  return { listen, script: { type: 'text/javascript', exec } }
}
