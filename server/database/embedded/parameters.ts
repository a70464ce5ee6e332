/**
 * How PostgreSQL is started: PGlite's own parameters without `-F`, which turns fsync off, and without `-O`, which opens
 * the system tables to changes. `durable`: whether it puts on disk what it commits.
 */
export function startParameters(durable: boolean): string[] {
  const settings = Object.entries({ ...SETTINGS, fsync: durable ? 'on' : 'off' })
  return ['--single', '-j', ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

const SETTINGS = {
  exit_on_error: 'false',
  // PostgreSQL's own 2 MB are more than V8 allows WASM: its refusal is an error, V8's is the end.
  max_stack_depth: '500kB',
  log_checkpoints: 'false',
  log_min_messages: 'fatal',
  io_method: 'sync',
  max_worker_processes: '0',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  // fdatasync does nothing in PGlite, fsync can be given to it.
  fsync: 'on',
  wal_sync_method: 'fsync',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '32MB',
  maintenance_work_mem: '32MB',
  min_wal_size: '32MB',
  max_wal_size: '64MB',
}
