import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { inParallel } from './parallel.ts'

/** Inode → time of the last change (nanoseconds), as it was before the file was put on disk. */
export type Settled = ReadonlyMap<bigint, bigint>

/**
 * Puts every file and folder below `folder`, and the folder itself, on disk. A thousand files take about 0.1 s side by
 * side and several seconds one after the other.
 */
export async function settle(folder: string): Promise<Settled> {
  const settled = new Map<bigint, bigint>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
  await inParallel(files, async (file) => {
    const [inode, changed] = await sync(file, 'r+')
    settled.set(inode, changed)
  })
  await inParallel([...folders, folder], syncFolder)
  return settled
}

/** Puts the names in a folder on disk. Windows keeps them in its journal and refuses to be asked. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform !== 'win32') await sync(folder, 'r')
}

async function sync(path: string, flags: 'r' | 'r+'): Promise<[bigint, bigint]> {
  const file = await open(path, flags)
  try {
    const { ino, ctimeNs } = await file.stat({ bigint: true })
    await file.datasync()
    return [ino, ctimeNs]
  } finally {
    await file.close()
  }
}
