import type { Field } from '../../presets/preset.ts'
import { storable } from '../shapes.ts'
import { recordsOf, type SourceFile } from './parsing.ts'
import type { Place, Problems } from './problems.ts'
import { type Read, readerOf, Unreadable } from './values.ts'

export interface Column<T = unknown> {
  read: Read<T>
  is_required: boolean
}
export type Columns = Record<string, Column>

export const required = <T>(read: Read<T>) => ({ read, is_required: true }) as const
export const optional = <T>(read: Read<T>) => ({ read, is_required: false }) as const

type Values<C extends Columns> = {
  [K in keyof C]: ReturnType<C[K]['read']> | (C[K]['is_required'] extends true ? never : undefined)
}

/** A row of a file. Of one that is not sound some values may be missing, and a problem says which. */
export type Row<C extends Columns> = Place & { details: Record<string, unknown> } & (
    | { is_sound: true; values: Values<C> }
    | { is_sound: false; values: Partial<Values<C>> }
  )

/**
 * Reads a file of comma- or semicolon-separated values (RFC 4180) whose first row names the columns, in any order. What
 * is no column of ours is a field of the trade, by its own name; where it shares that with a column, by `details.name`.
 */
export function readRows<C extends Columns>(
  file: SourceFile,
  columns: C,
  fields: Field[],
  problems: Problems,
): Row<C>[] {
  const [header, ...records] = recordsOf(file, problems)
  if (!header) return []
  const readers = readersFor({ file: file.name, line: header.line }, header.values, columns, fields, problems)
  const isComplete = missingColumns(readers, columns).length === 0
  return records.map(({ line, values }) => {
    const place = { file: file.name, line }
    const before = problems.count
    const row = readRow(place, values, readers, problems)
    return { ...place, ...row, is_sound: isComplete && problems.count === before } as Row<C>
  })
}

interface Reader {
  name: string
  /** Of a field of the trade. */
  is_detail: boolean
  /** null: there is no such column, which has been told. */
  column: Column | null
}

function readersFor(
  place: Place,
  header: string[],
  columns: Columns,
  fields: Field[],
  problems: Problems,
): Reader[] {
  const readers = header.map((cell, at): Reader => {
    const name = cell.trim().toLowerCase()
    if (Object.hasOwn(columns, name)) return { name, is_detail: false, column: columns[name]! }
    const field = fields.find((one) => isNamed(one, name))
    if (field) return { name: field.name, is_detail: true, column: optional(readerOf(field)) }
    const called = name === '' ? `column ${at + 1}, which has no name,` : cell.trim()
    problems.add(place, called, `is no column of this file; there are ${namesOf(columns, fields)}`)
    return { name, is_detail: false, column: null }
  })
  readers.forEach(({ name, is_detail, column }, at) => {
    const first = readers.findIndex((one) => one.name === name && one.is_detail === is_detail)
    if (column && first < at) problems.add(place, name, 'stands in the header twice')
  })
  for (const name of missingColumns(readers, columns)) {
    problems.add(place, name, 'is missing: there must be a column of this name')
  }
  return readers
}

function isNamed(field: Field, name: string): boolean {
  const own = field.name.toLowerCase()
  return name === own || name === `details.${own}`
}

function missingColumns(readers: Reader[], columns: Columns): string[] {
  const there = new Set(readers.filter(({ is_detail }) => !is_detail).map(({ name }) => name))
  return Object.keys(columns).filter((name) => columns[name]!.is_required && !there.has(name))
}

function namesOf(columns: Columns, fields: Field[]): string {
  const own = fields.map(({ name }) => (Object.hasOwn(columns, name) ? `details.${name}` : name))
  return [...Object.keys(columns), ...own].join(', ')
}

function readRow(place: Place, cells: string[], readers: Reader[], problems: Problems) {
  const [values, details]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}]
  if (cells.length !== readers.length) {
    const message = `has ${cells.length} values, and the header names ${readers.length} columns`
    problems.add(place, undefined, message)
    return { values, details }
  }
  readers.forEach(({ name, is_detail, column }, at) => {
    try {
      const value = column ? readCell(cells[at]!.trim(), column) : undefined
      if (value !== undefined) (is_detail ? details : values)[name] = value
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      problems.add(place, name, error.message)
    }
  })
  return { values, details }
}

const canBeKept = new RegExp(storable, 'u')

/** What is empty is not said. */
function readCell(text: string, { read, is_required }: Column): unknown {
  if (text === '' && is_required) throw new Unreadable('is missing')
  if (!canBeKept.test(text)) throw new Unreadable('must not contain signs that no text has, such as NUL')
  return text === '' ? undefined : read(text)
}
