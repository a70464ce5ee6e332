import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { isMainThread } from 'node:worker_threads'

/*
 * Preloaded into a program, it keeps in SHADOW, a copy of the folder DISK, what a power cut would leave of it: of a file
 * what had been written when it was last put on disk, of a folder the names it had when it was last put on disk. Nothing
 * else arrives, which is the worst that can happen. As on ext4, a file that is put on disk brings its name along.
 */
const disk = fs.realpathSync(process.env.DISK!)
const shadow = process.env.SHADOW!
const { fdatasyncSync, writeSync } = fs

/** A file by its inode, and its time of birth as inodes are used again, whatever its name is. */
interface Shadow {
  path: string
  unsaved: { at: number; length: number }[]
}
const files = new Map<string, Shadow>()

// PostgreSQL runs in a worker, which loads this again.
if (!isMainThread) keepShadow()

function keepShadow(): void {
  for (const path of fs.readdirSync(disk, { recursive: true }) as string[]) {
    const stat = fs.statSync(join(disk, path))
    if (stat.isFile()) fs.linkSync(join(shadow, path), shadowOf(stat).path)
  }
  fs.writeSync = noteWrites as typeof fs.writeSync
  fs.fdatasyncSync = keepWhatIsOnDisk
  syncBuiltinESMExports()
}

function noteWrites(fd: number, bytes: Uint8Array, offset: number, length: number, at: number): number {
  const written = writeSync(fd, bytes, offset, length, at)
  if (typeof at === 'number') shadowOf(fs.fstatSync(fd)).unsaved.push({ at, length: written })
  return written
}

function keepWhatIsOnDisk(fd: number): void {
  fdatasyncSync(fd)
  const path = relative(disk, fs.readlinkSync(`/proc/self/fd/${fd}`))
  const stat = fs.fstatSync(fd)
  if (stat.isDirectory()) keepNames(path)
  else keepContent(fd, stat, path)
}

function shadowOf({ ino, birthtimeMs }: fs.Stats): Shadow {
  const key = `${ino}-${birthtimeMs}`
  const known = files.get(key) ?? { path: `${shadow}.file-${key}`, unsaved: [] }
  files.set(key, known)
  return known
}

function keepContent(fd: number, stat: fs.Stats, path: string): void {
  const { path: kept, unsaved } = shadowOf(stat)
  const copy = fs.openSync(kept, fs.constants.O_RDWR | fs.constants.O_CREAT)
  for (const { at, length } of unsaved.splice(0)) {
    const bytes = Buffer.alloc(length)
    writeSync(copy, bytes, 0, fs.readSync(fd, bytes, 0, length, at), at)
  }
  fs.ftruncateSync(copy, stat.size)
  fs.closeSync(copy)
  keepName(kept, path)
}

function keepNames(folder: string): void {
  const names = fs.readdirSync(join(disk, folder))
  for (const name of fs.readdirSync(join(shadow, folder))) {
    if (!names.includes(name)) fs.rmSync(join(shadow, folder, name), { recursive: true })
  }
  for (const name of names) {
    const stat = fs.statSync(join(disk, folder, name))
    if (stat.isDirectory()) fs.mkdirSync(join(shadow, folder, name), { recursive: true })
    else keepName(shadowOf(stat).path, join(folder, name))
  }
}

/** A file that was never put on disk has a name and nothing else. */
function keepName(kept: string, path: string): void {
  const unfinished = `${shadow}.unfinished`
  if (!fs.existsSync(kept)) fs.writeFileSync(kept, '')
  fs.mkdirSync(dirname(join(shadow, path)), { recursive: true })
  if (fs.statSync(join(shadow, path), { throwIfNoEntry: false })?.ino === fs.statSync(kept).ino) return
  fs.rmSync(unfinished, { force: true })
  fs.linkSync(kept, unfinished)
  fs.renameSync(unfinished, join(shadow, path))
}
