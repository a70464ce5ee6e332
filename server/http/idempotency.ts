import { createHmac } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { inTransaction, type Transaction } from '../database/transactions.ts'
import { InvalidInput, Refusal } from '../refusal.ts'

export class KeyUsedForAnotherRequest extends Refusal {
  readonly code = 'idempotency_key_reused'
  readonly status = 422

  constructor() {
    super('This Idempotency-Key was used for another request. Take a new key for a new request.')
  }
}

/**
 * Runs a creating request at most once per key: whoever repeats it gets the first answer. The key and what it made are
 * one transaction, so two that come at once wait for each other, and a refusal leaves the key free to be tried again.
 */
export async function once<T>(
  request: FastifyRequest,
  secret_key: string,
  create: () => Promise<T>,
): Promise<T> {
  const key = request.headers['idempotency-key']
  if (key === undefined) return create()
  if (typeof key !== 'string' || key.length < 1 || key.length > 200) {
    throw new InvalidInput([{ field: 'Idempotency-Key', message: 'must have 1 to 200 characters' }])
  }

  const db = request.db
  const request_hash = hashOf(request, secret_key)
  try {
    return await inTransaction(db, async (trx) => {
      const first = await firstAnswer<T>(trx, request, key, request_hash)
      if (first) return first.answer
      request.db = trx
      const answer = await create()
      await keep(trx, request, key, answer)
      return answer
    })
  } finally {
    request.db = db
  }
}

async function firstAnswer<T>(
  trx: Transaction,
  request: FastifyRequest,
  key: string,
  request_hash: string,
): Promise<{ answer: T } | undefined> {
  const owner = { organization_id: request.organization.id, asked_by: askedBy(request), key }
  const claimed = await trx
    .insertInto('idempotency_keys')
    .values({ ...owner, request_hash, created_at: request.now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst()
  if (claimed) return undefined

  const earlier = await trx
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'answer'])
    .where('organization_id', '=', owner.organization_id)
    .where('asked_by', '=', owner.asked_by)
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  if (earlier.request_hash !== request_hash) throw new KeyUsedForAnotherRequest()
  return { answer: earlier.answer as T }
}

async function keep(trx: Transaction, request: FastifyRequest, key: string, answer: unknown): Promise<void> {
  await trx
    .updateTable('idempotency_keys')
    .set({ answer: JSON.stringify(answer ?? null) })
    .where('organization_id', '=', request.organization.id)
    .where('asked_by', '=', askedBy(request))
    .where('key', '=', key)
    .execute()
}

function askedBy(request: FastifyRequest): string {
  // A key is not its maker: a program that counts its requests as 1, 2, 3 must not be given a person's answers.
  return request.asking?.api_key_id ?? request.asking?.person_id ?? 'visitor'
}

/** With a secret, as a request may carry a password: who reads the table must not be able to try guesses. */
function hashOf(request: FastifyRequest, secret_key: string): string {
  const content = JSON.stringify([request.method, request.url, request.body ?? null])
  return createHmac('sha256', secret_key).update(content).digest('base64url')
}
