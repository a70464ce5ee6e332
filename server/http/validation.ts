import addFormats from 'ajv-formats'
import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { namedShapes } from '../shapes.ts'
import { isDate, isInstant } from './formats.ts'

/**
 * Checks what comes in. Bodies are strict: "7" is not 7, an unknown property is an error. What stands in an address is
 * text, so there (and only there) it is turned into numbers and booleans first. All faults are told, not the first.
 */
export function strictCompiler(): FastifySchemaCompiler<TSchema> {
  return compiler(ajv({ coerceTypes: false }))
}

/** Checks what comes in by a dialect: as tolerant as those systems were, "7" is taken for 7 also in a body. */
export function tolerantCompiler(): FastifySchemaCompiler<TSchema> {
  return compiler(ajv({ coerceTypes: true, useDefaults: true }))
}

function compiler(bodies: Ajv): FastifySchemaCompiler<TSchema> {
  const addresses = ajv({ coerceTypes: 'array', useDefaults: true })
  return ({ schema, httpPart }) =>
    whenNeeded(() => (httpPart === 'body' ? bodies : addresses).compile(schema))
}

/** Compiles a check when it is used for the first time: most of the start was spent on checks for later. */
function whenNeeded(compile: () => ValidateFunction) {
  let compiled: ValidateFunction | undefined
  const check = (data: unknown): boolean => {
    compiled ??= compile()
    const isRight = compiled(data) as boolean
    check.errors = compiled.errors
    return isRight
  }
  check.errors = undefined as ValidateFunction['errors']
  return check
}

function ajv(options: { coerceTypes: boolean | 'array'; useDefaults?: boolean }): Ajv {
  const made = new Ajv({
    ...options,
    allErrors: true,
    verbose: true,
    removeAdditional: false,
    strict: false,
    multipleOfPrecision: 6,
  })
  addFormats.default(made)
  made.addFormat('date-time', isInstant)
  made.addFormat('date', isDate)
  for (const schema of namedShapes()) made.addSchema(schema)
  return made
}
