import { join } from 'node:path'
import type { Pool } from 'pg'
import { connect } from '../../server/database/connect.ts'
import { SECRET } from '../app.ts'
import { databaseKind, embeddedTemplate, quiet, testDatabase } from '../database.ts'
import { dataFolder, type Program, startProgram } from '../program.ts'

/** Where real programs live: in a folder, or in a database on PostgreSQL, and what is in it afterwards. */
export interface Home {
  env: Record<string, string>
  /** Starts as many programs as there can be: one on a folder, two on PostgreSQL. */
  start(): Promise<Program[]>
  /** Looks at what is there once no program runs any more. */
  look<T>(at: (pool: Pool) => Promise<T>): Promise<T>
  remove(): Promise<void>
}

export async function newHome(): Promise<Home> {
  return databaseKind === 'embedded' ? newFolder() : newDatabase()
}

/** A folder with an empty database, made from the template: beginning from nothing takes the program some seconds. */
export async function preparedFolder(): Promise<{ folder: string; remove(): void }> {
  const data = dataFolder()
  const seed = await embeddedTemplate()
  const connection = await connect({ folder: join(data.folder, 'database'), seed, log: quiet })
  await connection.close()
  return data
}

async function newFolder(): Promise<Home> {
  const { folder, remove } = await preparedFolder()
  const env = { DATA_DIR: folder }
  return {
    env,
    start: async () => [await startProgram(env)],
    async look(at) {
      const connection = await connect({ folder: join(folder, 'database'), log: quiet })
      try {
        return await at(connection.pool)
      } finally {
        await connection.close()
      }
    },
    remove: async () => remove(),
  }
}

async function newDatabase(): Promise<Home> {
  const { url, pool, close } = await testDatabase()
  const env = { DATABASE_URL: url!, SECRET_KEY: SECRET }
  return {
    env,
    start: () => Promise.all([startProgram(env), startProgram(env)]),
    look: (at) => at(pool),
    remove: close,
  }
}
