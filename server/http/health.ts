import { Type } from 'typebox'
import { sql } from 'kysely'
import type { Connection } from '../database/connect.ts'
import { oneOf, ref, shape, strict } from '../shapes.ts'
import type { App } from './routes.ts'

const Health = shape(
  'Health',
  strict({
    status: oneOf(['ok', 'failing']),
    environment: Type.String(),
    version: Type.String(),
    dependencies: strict({ database: oneOf(['ok', 'failing']) }),
  }),
)
const ServerTime = shape(
  'ServerTime',
  strict({ now: Type.String({ description: "UTC, on the program's clock" }) }),
)

const everyone = { config: { may: 'everyone' } } as const

/** Whether the program lives, and whether it can do its work. */
export function healthRoutes(
  app: App,
  connection: Connection,
  about: { environment: string; version: string },
): void {
  const report = async () => {
    const database = await isReachable(connection)
    return { status: database, ...about, dependencies: { database } } as const
  }

  app.get(
    '/health',
    {
      ...everyone,
      schema: { summary: 'How the program is', response: { 200: ref(Health), 503: ref(Health) } },
    },
    async (_, reply) => {
      const health = await report()
      if (health.status === 'failing') reply.status(503)
      return health
    },
  )
  app.get(
    '/health/ready',
    {
      ...everyone,
      schema: { summary: 'Whether it can do its work', response: { 200: ref(Health), 503: ref(Health) } },
    },
    async (_, reply) => {
      const health = await report()
      if (health.status === 'failing') reply.status(503)
      return health
    },
  )
  app.get(
    '/health/live',
    {
      ...everyone,
      schema: { summary: 'Whether it lives', response: { 200: strict({ status: Type.String() }) } },
    },
    () => ({
      status: 'ok',
    }),
  )
}

/** What time the program has. */
export function timeRoutes(app: App): void {
  app.get('/time/now', { ...everyone, schema: { response: { 200: ref(ServerTime) } } }, ({ now }) => ({
    now: now.toString(),
  }))
}

async function isReachable({ db }: Connection): Promise<'ok' | 'failing'> {
  try {
    await sql`select 1`.execute(db)
    return 'ok'
  } catch {
    return 'failing'
  }
}
