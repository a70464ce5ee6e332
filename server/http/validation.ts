import addFormats from 'ajv-formats'
import { Ajv } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { namedShapes } from '../shapes.ts'

/**
 * Checks what comes in. Bodies are strict: "7" is not 7, an unknown property is an error. What stands in an address is
 * text, so there (and only there) it is turned into numbers and booleans first. All faults are told, not the first.
 */
export function strictCompiler(): FastifySchemaCompiler<TSchema> {
  const bodies = ajv({ coerceTypes: false })
  const addresses = ajv({ coerceTypes: 'array', useDefaults: true })
  return ({ schema, httpPart }) => (httpPart === 'body' ? bodies : addresses).compile(schema)
}

function ajv(options: { coerceTypes: boolean | 'array'; useDefaults?: boolean }): Ajv {
  const made = new Ajv({
    ...options,
    allErrors: true,
    removeAdditional: false,
    strict: false,
    multipleOfPrecision: 6,
  })
  addFormats.default(made)
  for (const schema of namedShapes()) made.addSchema(schema)
  return made
}
