import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { parseArgs } from 'node:util'

// Before anything else is read: from the second start on, nothing has to be compiled again.
enableCompileCache('node_modules/.cache/punctual/compiled')
const { sentenceFor } = await import('./commands/failures.ts')
const { readSettings } = await import('./server/settings.ts')

const usage = `Punctual, the appointment engine.

  npm start [-- --role <all|api|worker|scheduler>]
                        serves; data lies under DATA_DIR (./data), or in the PostgreSQL of DATABASE_URL. There the
                        work can be shared: api answers, worker does what waits, scheduler looks at the clock
  npm run demo          serves five organizations with life in them, from ./data/demo
  npm run setup -- --trade <school|office|clinic|veterinary|general> --name <name> --slug <slug>
                   --time-zone <Europe/London> [--locale en] [--admin <e-mail> --password <password>]
                        makes an organization, also while the program runs
  npm run punctual -- import --organization <slug> [--staff <file.csv>] [--providers <file.csv>]
                   [--clients <file.csv>] [--dependents <file.csv>] [--hours <file.csv>]
                   [--appointments <file.csv>] [--check]
                        brings people and appointments from another system (docs/importing.md)

Settings: .env.example`

if (existsSync('.env')) process.loadEnvFile('.env')
const [command = 'start', ...args] = process.argv.slice(2)

try {
  await run()
} catch (error) {
  console.error(sentenceFor(error) ?? error)
  process.exit(1)
}

async function run(): Promise<void> {
  switch (command) {
    case 'start': {
      const { start } = await import('./commands/start.ts')
      const { values } = parseArgs({ args, options: { role: { type: 'string' } } })
      const settings = readSettings({ ...process.env, ...(values.role && { ROLE: values.role }) })
      const { address, stop } = await start(settings)
      stopOnSignals(stop)
      if (address) console.log(`Punctual answers at ${address} (documentation: ${address}/docs)`)
      else console.log(`Punctual is at work (${settings.role})`)
      return
    }
    case 'demo': {
      const { demo } = await import('./commands/demo.ts')
      stopOnSignals(await demo(readSettings(process.env, { data_dir: './data/demo', host: '127.0.0.1' })))
      return
    }
    case 'setup': {
      const { setup } = await import('./commands/setup.ts')
      return setup(readSettings(process.env), args)
    }
    case 'import': {
      const { importFiles } = await import('./commands/import.ts')
      return importFiles(readSettings(process.env), args)
    }
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
