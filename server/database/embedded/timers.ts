import type { Engine } from './engine.ts'
import type { Chore, Log } from './messages.ts'

export interface Timers {
  checkpoint_minutes: number
  vacuum_minutes: number
}

/**
 * What PostgreSQL's background processes do, and PGlite has none: without checkpoints its log grows for ever, without
 * vacuuming its tables do. Returns what stops it.
 */
export function startTimers(engine: Engine, timers: Timers, log: Log): () => void {
  let stopped = false
  const attempt = async (chore: Chore) => {
    const error = await engine.chore(chore).catch(String)
    if (error && !stopped)
      log.warn({ chore, error }, 'the embedded database could not be tidied; it is tried again')
  }
  const running = [
    every(timers.checkpoint_minutes, () => attempt('checkpoint')),
    every(timers.vacuum_minutes, () => attempt('vacuum')),
  ]
  return () => {
    stopped = true
    running.forEach(clearInterval)
  }
}

/** Does not begin again while it is still going on, and keeps no process alive. */
function every(minutes: number, work: () => Promise<void>): NodeJS.Timeout {
  let busy = false
  const timer = setInterval(async () => {
    if (busy) return
    busy = true
    await work()
    busy = false
  }, minutes * 60_000)
  return timer.unref()
}
