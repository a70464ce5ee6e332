const NS_PER_S = 1e9

/**
 * Calls `tooLong`, once, when a query runs longer than it may. PostgreSQL's own statement_timeout has no effect in
 * PGlite, and the worker can do nothing else meanwhile, so it is watched from outside. `began` as in WorkerOptions.
 */
export function watchQueries(began: SharedArrayBuffer, seconds: number, tooLong: () => void): () => void {
  const clock = new BigInt64Array(began)
  const look = () => {
    const since = Atomics.load(clock, 0)
    if (since === 0n || process.hrtime.bigint() - since < seconds * NS_PER_S) return
    clearInterval(timer)
    tooLong()
  }
  const timer = setInterval(look, Math.min(1000, seconds * 250))
  timer.unref()
  return () => clearInterval(timer)
}
