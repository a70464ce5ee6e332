import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files of a run, shared by the processes that run them: a folder with their list and a mark for each. */
export interface FileQueue {
  /** The next file that nobody has taken yet. */
  take(): string | undefined
  finish(file: string): void
  /** Those that nobody took, or whoever took them did not finish, because their process fell over. */
  unfinished(): string[]
}

export function fillQueue(folder: string, files: string[]): FileQueue {
  writeFileSync(join(folder, 'files.json'), JSON.stringify(files))
  return openQueue(folder)
}

export function openQueue(folder: string): FileQueue {
  const files: string[] = JSON.parse(readFileSync(join(folder, 'files.json'), 'utf8'))
  const finished = (file: string) => join(folder, `${files.indexOf(file)}.finished`)
  return {
    take: () => files.find((_, index) => isMadeHere(join(folder, `${index}.taken`))),
    finish: (file) => writeFileSync(finished(file), ''),
    unfinished: () => files.filter((file) => !existsSync(finished(file))),
  }
}

/** Only one process can make a file that is not there yet. */
function isMadeHere(path: string): boolean {
  try {
    writeFileSync(path, '', { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
