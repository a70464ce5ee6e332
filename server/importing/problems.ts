import { InvalidInput, Refusal } from '../refusal.ts'

/** A row of a file, as people find it again: the header is line 1. */
export interface Place {
  file: string
  line: number
}

export interface Problem extends Place {
  column?: string
  /** Goes on from the column, and says what would be right. */
  message: string
}

/** Something of the files cannot be imported, so nothing was. */
export class ImportRefused extends Refusal {
  readonly code = 'import_refused'
  readonly status = 422
  override readonly facts: { problems: Problem[] }

  constructor(problems: Problem[]) {
    const end = `${problems.length === 1 ? 'One problem' : `${problems.length} problems`}: nothing was imported.`
    super([...problems.map(sentenceOf), '', end].join('\n'))
    this.facts = { problems }
  }
}

/** What is wrong with the files, all of it: whoever moves corrects them once and not row by row. */
export class Problems {
  #found: Problem[] = []
  #files: string[]

  constructor(files: string[]) {
    this.#files = files
  }

  add({ file, line }: Place, column: string | undefined, message: string): void {
    this.#found.push({ file, line, ...(column !== undefined && { column }), message })
  }

  /** Takes a refusal by a rule of the program for a problem of the row; anything else goes on as an error. */
  addRefusal(place: Place, error: unknown): void {
    if (!(error instanceof InvalidInput)) throw error
    for (const { field, message } of error.fields) this.add(place, field.replace(/^details\./, ''), message)
  }

  get count(): number {
    return this.#found.length
  }

  /** In the order in which somebody goes through the files. */
  inOrder(): Problem[] {
    const rank = ({ file }: Problem) => this.#files.indexOf(file)
    return this.#found.toSorted((one, other) => rank(one) - rank(other) || one.line - other.line)
  }
}

export function sentenceOf({ file, line, column, message }: Problem): string {
  return `${file}, line ${line}${column === undefined ? '' : `, ${column}`}: ${message}`
}
