import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { startClock } from '../server/clock.ts'
import { InvalidInput } from '../server/refusal.ts'
import type { Settings } from '../server/settings.ts'
import { setUpThroughRunning } from './control.ts'
import { setUp, type SetupWanted } from './setting-up.ts'
import { openDatabase } from './start.ts'

/** Makes an organization: in the program that runs on this data folder, else directly in the database. */
export async function setup(settings: Settings, args: string[]): Promise<void> {
  const wanted = readArguments(args)
  const said = settings.database_url ? undefined : await setUpThroughRunning(settings.data_dir, wanted)
  console.log(said ?? (await setUpDirectly(settings, wanted)))
}

async function setUpDirectly(settings: Settings, wanted: SetupWanted): Promise<string> {
  const logger = pino({ level: 'warn', base: undefined })
  const connection = await openDatabase(settings, logger)
  try {
    return await setUp(connection.db, wanted, startClock(settings.now)())
  } finally {
    await connection.close()
  }
}

function readArguments(args: string[]): SetupWanted {
  const text = { type: 'string' } as const
  const options = {
    trade: text,
    name: text,
    slug: text,
    'time-zone': text,
    locale: text,
    admin: text,
    password: text,
  }
  const { values } = parseArgs({ args, options })
  const { trade, name, slug, 'time-zone': time_zone, locale, admin, password } = values
  const missing = Object.entries({ trade, name, slug, 'time-zone': time_zone }).filter(([, value]) => !value)
  if (!trade || !name || !slug || !time_zone) {
    throw new InvalidInput(missing.map(([option]) => ({ field: `--${option}`, message: 'is missing' })))
  }
  return { trade, name, slug, time_zone, locale, admin, password }
}
