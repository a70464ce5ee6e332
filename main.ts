import { existsSync } from 'node:fs'
import { demo } from './commands/demo.ts'
import { setup, setupUsage } from './commands/setup.ts'
import { start } from './commands/start.ts'
import { readSettings } from './server/settings.ts'

const usage = `Punctual, the appointment engine.

  npm start             serves; data lies under DATA_DIR (./data), or in the PostgreSQL of DATABASE_URL
  npm run demo          serves five organizations with life in them, from ./data/demo
  ${setupUsage}
                        makes an organization, also while the program runs

Settings: .env.example`

if (existsSync('.env')) process.loadEnvFile('.env')
const [command = 'start', ...args] = process.argv.slice(2)

try {
  await run()
} catch (error) {
  console.error(error instanceof Error && isForPeople(error) ? error.message : error)
  process.exit(1)
}

async function run(): Promise<void> {
  switch (command) {
    case 'start': {
      const running = await start(readSettings(process.env))
      stopOnSignals(running.stop)
      console.log(`Punctual answers at ${running.address} (documentation: ${running.address}/docs)`)
      return
    }
    case 'demo': {
      stopOnSignals(await demo(readSettings(process.env, { data_dir: './data/demo', host: '127.0.0.1' })))
      return
    }
    case 'setup':
      return setup(readSettings(process.env), args)
    default:
      console.log(usage)
      if (!['help', '--help', '-h'].includes(command)) process.exitCode = 1
  }
}

function stopOnSignals(stop: () => Promise<void>): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error)
          process.exit(1)
        },
      )
    })
  }
}

/** What was thrown to be read by whoever started the program; anything else is shown with its stack. */
function isForPeople(error: Error): boolean {
  const code = (error as { code?: unknown }).code
  return error.constructor !== Error || code === 'EADDRINUSE' || /^\w+ is/.test(error.message)
}
