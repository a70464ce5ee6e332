import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifyServerOptions } from 'fastify'

type Build = NonNullable<
  NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>['buildSerializer']
>

/**
 * Compiles what writes an answer when the first such answer is written: with well over a hundred operations, half of the
 * start was spent on answers for later.
 */
export const buildSerializerLater: Build = (externalSchemas, options) => {
  const compile = SerializerSelector()(externalSchemas, options)
  return (route) => {
    let write: ReturnType<typeof compile> | undefined
    return (answer) => (write ??= compile(route))(answer)
  }
}
