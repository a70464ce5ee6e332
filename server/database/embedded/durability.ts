import { NotDurable } from './failures.ts'

export interface Durability {
  fsync: string
  wal_sync_method: string
  /** How many files were really put on disk by a checkpoint. */
  syncs: number
}

/**
 * Each of the three alone loses what was acknowledged, and an upgrade of PGlite could undo any of them unseen. So it is
 * looked at each start. Throws NotDurable.
 */
export function checkDurable(seen: Durability | undefined): void {
  if (!seen) throw new NotDurable('nobody has looked')
  const { fsync, wal_sync_method, syncs } = seen
  if (fsync !== 'on') throw new NotDurable(`PostgreSQL's fsync is ${fsync}`)
  if (wal_sync_method !== 'fsync') throw new NotDurable(`wal_sync_method is ${wal_sync_method}, not fsync`)
  if (syncs === 0) throw new NotDurable('a checkpoint put nothing on disk')
}
