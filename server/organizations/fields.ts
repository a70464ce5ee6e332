import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { Field } from '../../presets/preset.ts'
import { InvalidInput } from '../refusal.ts'
import { storable } from '../shapes.ts'

const ajv = new Ajv({ allErrors: true })
addFormats.default(ajv)
const checks = new Map<string, ValidateFunction>()
const MOST_REMEMBERED = 200

type Details = Record<string, unknown>

/**
 * Checks values of the trade's own fields, as they come in under `details`, by a schema made from the fields'
 * declaration. The staff's own fields do not exist for anybody else. Throws InvalidInput with an entry per field.
 */
export function checkDetails(fields: Field[], details: Details, isStaff: boolean): void {
  const check = checkFor(fieldsFor(fields, isStaff))
  if (check(details)) return
  throw new InvalidInput(
    (check.errors ?? []).map(({ instancePath, params, keyword, message }) => {
      const { missingProperty, additionalProperty, allowedValues } = params as {
        missingProperty?: string
        additionalProperty?: string
        allowedValues?: unknown[]
      }
      const path = [
        'details',
        ...instancePath.split('/').slice(1),
        missingProperty ?? additionalProperty ?? [],
      ].flat()
      if (missingProperty) return { field: path.join('.'), message: 'is missing' }
      if (additionalProperty) return { field: path.join('.'), message: 'is not a field of this organization' }
      if (keyword === 'enum')
        return { field: path.join('.'), message: `must be one of ${allowedValues?.join(', ')}` }
      return { field: path.join('.'), message: message ?? 'is wrong' }
    }),
  )
}

/**
 * The values after a change: what is not named stays, null takes a value away, and what nobody but the staff sees stays
 * as the staff set it.
 */
export function changedDetails(
  fields: Field[],
  before: Details,
  change: Details | undefined,
  isStaff: boolean,
): Details {
  if (!change) return before
  checkDetails(fields, withoutNulls({ ...shownDetails(fields, before, isStaff), ...change }), isStaff)
  return withoutNulls({ ...before, ...change })
}

function withoutNulls(details: Details): Details {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== null))
}

/** The values that somebody may see. */
export function shownDetails(fields: Field[], details: Details, isStaff: boolean): Details {
  if (isStaff) return details
  const hidden = fields.filter(({ visible_to }) => visible_to === 'staff').map(({ name }) => name)
  return hidden.length === 0
    ? details
    : Object.fromEntries(Object.entries(details).filter(([name]) => !hidden.includes(name)))
}

function fieldsFor(fields: Field[], isStaff: boolean): Field[] {
  return isStaff ? fields : fields.filter(({ visible_to }) => visible_to !== 'staff')
}

function checkFor(fields: Field[]): ValidateFunction {
  const key = JSON.stringify(fields)
  let check = checks.get(key)
  if (!check) {
    if (checks.size >= MOST_REMEMBERED) checks.clear()
    check = ajv.compile({
      type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field.name, schemaOf(field)])),
      required: fields.filter((field) => field.required).map((field) => field.name),
      additionalProperties: false,
    })
    checks.set(key, check)
  }
  return check
}

function schemaOf({ kind, options = [], required }: Field): object {
  switch (kind) {
    case 'text':
      return { type: 'string', maxLength: 500, minLength: required ? 1 : 0, pattern: storable }
    case 'long_text':
      return { type: 'string', maxLength: 5000, minLength: required ? 1 : 0, pattern: storable }
    case 'number':
      return { type: 'number' }
    case 'boolean':
      return { type: 'boolean' }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'choice':
      return { enum: options }
    case 'choices':
      return { type: 'array', items: { enum: options }, uniqueItems: true, maxItems: options.length }
  }
}
