import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** How many processes run tests at the same time: a little more than there are cores, as they also wait. */
export const processes = 3

/** Files that get a process of their own, and those that share a few, one after the other: see test/worker.ts. */
export function apart(files: string[]): [alone: string[], together: string[]] {
  const isAlone = (file: string) => files.length <= processes || setsUpItsProcess(file)
  // Begun last, what takes longest would run when everything else has ended.
  const longFirst = files.toSorted((one, other) => Number(isLong(other)) - Number(isLong(one)))
  const { alone = [], together = [] } = Object.groupBy(longFirst, (file) =>
    isAlone(file) ? 'alone' : 'together',
  )
  return [alone, together]
}

/**
 * What the driver makes of a type is set for a whole process, a library is loaded for one, and what is killed on purpose
 * should take nothing with it.
 */
function setsUpItsProcess(file: string): boolean {
  return /^(server\/database\/|test\/faults\/|server\/people\/photos\.)/.test(file)
}

/** Whole programs, and races. */
function isLong(file: string): boolean {
  return /^(test|demo|commands|server\/queue)\//.test(file)
}

/** The runner starts a process for each file it is given; these are as many as shall run side by side. */
export function workers(folder: string): string[] {
  const worker = pathToFileURL(join(import.meta.dirname, 'worker.ts'))
  return Array.from({ length: processes }, (_, index) => {
    const entry = join(folder, `worker-${index + 1}.mjs`)
    writeFileSync(entry, `import ${JSON.stringify(worker)}\n`)
    return entry
  })
}
