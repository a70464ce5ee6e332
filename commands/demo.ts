import type { Settings } from '../server/settings.ts'
import { start } from './start.ts'

export async function demo(settings: Settings): Promise<() => Promise<void>> {
  const running = await start(settings)
  return running.stop
}
