import { writeClinicFiles } from '../demo/clinic-files.ts'
import { fillDemo } from '../demo/fill.ts'
import { welcome } from '../demo/welcome.ts'
import { type Settings, SettingsInvalid } from '../server/settings.ts'
import { start } from './start.ts'

/** Serves the demo, and makes what is missing of it before. Answers how to stop. */
export async function demo(settings: Settings): Promise<() => Promise<void>> {
  if (settings.environment === 'production') {
    throw new SettingsInvalid([
      'ENVIRONMENT is production; everybody knows the passwords of the demo. Use npm start.',
    ])
  }
  if (settings.role !== 'all') throw new SettingsInvalid(['The demo is one process: leave ROLE unset.'])
  const running = await start(settings, async ({ connection, now }) => {
    await fillDemo(connection.db, now(), ({ preset, name }) =>
      console.log(`Making ${name} (${preset.trade})`),
    )
    await writeClinicFiles(connection.db, settings.data_dir, now())
  })
  console.log(welcome(settings.public_url ?? running.address!, running.now()))
  return running.stop
}
