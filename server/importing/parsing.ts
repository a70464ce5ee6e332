import { CsvError, type Info, parse } from 'csv-parse/sync'
import type { Problems } from './problems.ts'

/** A file as it was handed over: its name for people, and its text. */
export interface SourceFile {
  name: string
  text: string
}

/** A row of text, and the line on which it begins. */
export interface Parsed {
  line: number
  values: string[]
}

/**
 * Takes a text of comma- or semicolon-separated values apart (RFC 4180), with or without a byte order mark. Rows of nothing
 * are left out.
 */
export function recordsOf({ name, text }: SourceFile, problems: Problems): Parsed[] {
  try {
    // Of one kind, so that lines are counted as an editor counts them.
    const unified = text.replaceAll(/\r\n?/g, '\n')
    const parsed = parse(unified, {
      bom: true,
      delimiter: delimiterOf(unified),
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as { record: string[]; info: Info }[]
    const records = parsed
      .map(({ record, info }) => ({ line: info.lines - lineBreaksIn(record), values: record }))
      .filter(({ values }) => values.some((value) => value.trim() !== ''))
    if (records.length === 0) {
      problems.add({ file: name, line: 1 }, undefined, 'is empty; the first row must name the columns')
    }
    return records
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const { lines = 1 } = error as { lines?: number }
    const message =
      'a quotation mark opens a value and closes it before the next separator; inside a value it is doubled'
    problems.add({ file: name, line: lines }, undefined, message)
    return []
  }
}

const LONGEST_HEADER = 10_000

/** Whichever of the two stands more often in the header, outside quotation marks. */
function delimiterOf(text: string): string {
  const [header = ''] = text
    .slice(0, LONGEST_HEADER)
    .trimStart()
    .replaceAll(/"[^"]*"/g, '')
    .split('\n', 1)
  const count = (sign: string) => header.split(sign).length
  return count(';') > count(',') ? ';' : ','
}

/** A row is known by the line on which it begins. */
function lineBreaksIn(record: string[]): number {
  return record.reduce((sum, value) => sum + (value.split('\n').length - 1), 0)
}
