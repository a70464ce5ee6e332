import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { Type } from 'typebox'
import { type FieldProblem, InvalidInput, NotFound, Refusal } from '../refusal.ts'
import { shape, strict } from '../shapes.ts'

/** Every failure in one shape: RFC 9457, with a fixed `code` for programs. */
export const Problem = shape(
  'Problem',
  Type.Object(
    {
      type: Type.String(),
      title: Type.String(),
      status: Type.Integer(),
      detail: Type.String({ description: 'What is wrong, and what would be right' }),
      code: Type.String({ description: 'Never changes: for programs' }),
      errors: Type.Optional(Type.Array(strict({ field: Type.String(), message: Type.String() }))),
    },
    { additionalProperties: true },
  ),
)

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not logged in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Invalid input',
  423: 'Locked',
  429: 'Too many requests',
  500: 'Something went wrong',
  503: 'Not available',
}

/** What Fastify refuses before a route sees it, under codes of ours: those of a library may change with it. */
const codes: Record<number, string> = { 413: 'too_large', 415: 'unsupported_media_type' }

/** The one door through which all failures of the core leave. */
export function answerWithProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const refusal = asRefusal(error)
  if (!refusal) {
    request.log.error({ err: error }, 'unexpected failure')
    return send(reply, 500, 'unexpected', 'This should not have happened. It has been logged.')
  }
  if (refusal.status === 401) reply.header('www-authenticate', 'Bearer')
  if (refusal.status === 503) reply.header('retry-after', '1')
  return send(reply, refusal.status, refusal.code, refusal.message, {
    ...(refusal.fields && { errors: refusal.fields }),
    ...refusal.facts,
  })
}

export function answerUnknownAddress(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(
    reply,
    404,
    'no_such_address',
    `There is nothing at ${request.method} ${request.url.split('?')[0]}.`,
  )
}

function send(
  reply: FastifyReply,
  status: number,
  code: string,
  detail: string,
  more: object = {},
): FastifyReply {
  const problem = { type: 'about:blank', title: titles[status] ?? 'Refused', status, detail, code, ...more }
  return reply
    .status(status)
    .header('content-type', 'application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem)
}

/** A failure as the refusal it is; undefined for what nobody foresaw. */
export function asRefusal(
  error: unknown,
): Pick<Refusal, 'status' | 'code' | 'message' | 'fields' | 'facts'> | undefined {
  if (error instanceof Refusal) return error
  const { validation, validationContext, statusCode, message } = error as FastifyError
  if (validation) {
    if (validationContext === 'params') return new NotFound('record')
    return new InvalidInput(fieldProblems(validation))
  }
  if (isOutage(error)) {
    return {
      status: 503,
      code: 'database_unavailable',
      message: 'The database cannot be reached. Try again in a moment.',
    }
  }
  if (statusCode && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, code: codes[statusCode] ?? 'malformed_request', message }
  }
  return undefined
}

/** Broken or refused connections, and a server that starts, stops or has no connection left. */
function isOutage(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return (
    /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|57P0[123]|53300|08\w{3})$/.test(code ?? '') ||
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      message ?? '',
    )
  )
}

/** One for each field: where several things are allowed, the first tells most. */
function fieldProblems(errors: FastifySchemaValidationError[]): FieldProblem[] {
  const problems = errors
    .filter((error) => error.keyword !== 'anyOf' && error.keyword !== 'if')
    .map((error) => {
      const path = error.instancePath.split('/').slice(1)
      const { missingProperty, additionalProperty } = error.params as Record<string, string | undefined>
      const last = missingProperty ?? additionalProperty
      return { field: [...path, ...(last ? [last] : [])].join('.') || 'body', message: sentence(error) }
    })
  const first = problems.filter(
    ({ field }, at) => problems.findIndex((other) => other.field === field) === at,
  )
  return first.length > 0 ? first : [{ field: 'body', message: 'has not the form that is asked for' }]
}

function sentence(error: FastifySchemaValidationError & { parentSchema?: { description?: string } }): string {
  const params = error.params as { allowedValues?: unknown[]; format?: string }
  switch (error.keyword) {
    case 'required':
      return 'is missing'
    case 'additionalProperties':
      return 'is not known here'
    case 'enum':
      return `must be one of ${params.allowedValues?.join(', ')}`
    case 'format':
      return formats[params.format ?? ''] ?? `must be a ${params.format}`
    case 'pattern':
      // A pattern tells a person nothing; what it stands for does.
      return error.parentSchema?.description
        ? `must be: ${error.parentSchema.description}`
        : (error.message ?? 'is wrong')
    default:
      return error.message ?? 'is wrong'
  }
}

const formats: Record<string, string> = {
  'date-time': 'must be a date and time with an offset, such as 2027-03-01T09:00:00Z',
  date: 'must be a date, such as 2027-03-01',
  email: 'must be an e-mail address',
  uuid: 'must be a UUID',
}
