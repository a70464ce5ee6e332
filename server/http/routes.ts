import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { Row } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import type { Action, Actor } from '../permissions.ts'
import type { Standing } from './asking.ts'

export type Organization = Row<'organizations'>

/** A Fastify instance whose handlers take their types from the shapes. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    /** The database, or the transaction in which a creating request runs with its idempotency key. */
    db: Database | Transaction
    /** The instant at which this request is judged. */
    now: Temporal.Instant
    /** Who asks; null for a visitor. */
    asking: Actor | null
    /** For whoever goes on listening after the answer has begun: whether who asks may still. */
    stands: Standing | null
    organization: Organization
    /** Who asks, on a route that visitors cannot reach. */
    readonly actor: Actor
  }
  interface FastifyContextConfig {
    /** What one must be allowed to do; 'everyone': it needs neither an organization nor a log-in. */
    may?: Action | 'everyone'
    /** A POST that creates: `Idempotency-Key` is honoured and the answer is 201. */
    creates?: boolean
    /** Nothing for visitors here, though elsewhere they may do it: what is open in the core, a dialect may not show. */
    needs_log_in?: boolean
    /** May also be asked with `?ticket=`, as a browser that listens to events sends no header. */
    takes_ticket?: boolean
    /** Set by the server from the instance that a route belongs to. */
    trade?: string
  }
  interface FastifyInstance {
    /** The trade whose organizations alone are served here: that of a dialect. */
    trade?: string
  }
}

export interface Operation {
  method: string
  url: string
  may: Action | 'everyone'
  creates: boolean
  /** Of a dialect: the trade that it serves. */
  trade?: string
}
