import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Field } from '../../presets/preset.ts'
import { Problems, sentenceOf } from './problems.ts'
import { optional, readRows, required } from './reading.ts'
import { email, name, notes } from './values.ts'

const columns = { name: required(name), email: optional(email), notes: optional(notes) }
const fields: Field[] = [
  { name: 'class', label: 'Class', kind: 'text' },
  { name: 'notes', label: 'Notes', kind: 'long_text' },
  { name: 'weight', label: 'Weight', kind: 'number' },
]

function read(text: string) {
  const problems = new Problems(['people.csv'])
  const rows = readRows({ name: 'people.csv', text }, columns, fields, problems)
  return { rows, problems: problems.inOrder().map(sentenceOf) }
}

const told = (text: string) => read(text).problems
const seen = (text: string) => {
  const { rows, problems } = read(text)
  assert.deepEqual(problems, [])
  return rows.map(({ values, details }) => ({ ...values, ...details }))
}

describe('a file', () => {
  const ada = { name: 'Ada', email: 'ada@example.org' }

  it('has its columns in any order, whatever the case of their names', () => {
    assert.deepEqual(seen('name,email\nAda,ada@example.org'), [ada])
    assert.deepEqual(seen('EMAIL , Name\nada@example.org,Ada'), [ada])
  })

  it('may come from a spreadsheet: semicolons, a byte order mark, any line ends, rows of nothing', () => {
    assert.deepEqual(seen('\ufeffname;email\r\n Ada ;ada@example.org\r\n;\r\n\r\n'), [ada])
    assert.deepEqual(seen('\ufeff"name","email"\rAda,ada@example.org\r'), [ada])
  })

  it('may have separators, line breaks and quotation marks in its values', () => {
    const [row] = seen('name,notes\n"Lovelace, Ada","says ""hello""\nand; more"')
    assert.deepEqual(row, { name: 'Lovelace, Ada', notes: 'says "hello"\nand; more' })
  })

  it('says nothing where it is empty', () => {
    assert.deepEqual(seen('name,email,notes,class\nAda,,  ,'), [{ name: 'Ada' }])
  })

  it('keeps fields of the trade by their names, and by details.name where a column is called so', () => {
    const { rows } = read('name,notes,details.notes,class,weight\nAda,for the desk,her own,5a,3.5')
    assert.deepEqual(rows[0]!.values, { name: 'Ada', notes: 'for the desk' })
    assert.deepEqual(rows[0]!.details, { notes: 'her own', class: '5a', weight: 3.5 })
  })
})

describe('what is wrong with a file', () => {
  it('is told by the line on which the row begins, and by the column', () => {
    const text = 'name,email,notes\r\nAda,,"one\r\ntwo"\r\n\r\nBo,bo,"x\r\ny"\r\nCy,cy@'
    assert.deepEqual(told(text), [
      'people.csv, line 5, email: must be an e-mail address, such as ada@example.org',
      'people.csv, line 7: has 2 values, and the header names 3 columns',
    ])
  })

  it('is told all at once, also of one row', () => {
    assert.deepEqual(told('name,email,weight\n,ada,heavy'), [
      'people.csv, line 2, name: is missing',
      'people.csv, line 2, email: must be an e-mail address, such as ada@example.org',
      'people.csv, line 2, weight: must be a number, such as 12 or 3.5',
    ])
  })

  it('names an unknown column and those there are', () => {
    assert.deepEqual(told('name,colour,\nAda,red,'), [
      'people.csv, line 1, colour: is no column of this file; there are name, email, notes, class, details.notes, weight',
      'people.csv, line 1, column 3, which has no name,: is no column of this file; there are name, email, notes, class, details.notes, weight',
    ])
  })

  it('is told once where a column is missing or stands there twice', () => {
    assert.deepEqual(told('email,class,details.class\na@example.org,1,2\nb@example.org,1,2'), [
      'people.csv, line 1, class: stands in the header twice',
      'people.csv, line 1, name: is missing: there must be a column of this name',
    ])
  })

  it('is told of a quotation mark that is never closed, or stands inside a value', () => {
    for (const text of ['name\nAda\n"Bo', 'name\nAda\n"B"o', 'name\nAda\nB"o"']) {
      assert.match(
        told(text).join(),
        /^people\.csv, line 3: a quotation mark opens a value and closes it/,
        text,
      )
    }
  })

  it('is told of a file in which there is nothing', () => {
    for (const text of ['', '\ufeff', '\n\n', ',,\n,,']) {
      assert.deepEqual(
        told(text),
        ['people.csv, line 1: is empty; the first row must name the columns'],
        text,
      )
    }
  })

  it('is told of what no database can keep', () => {
    assert.match(told('name\nA\0da').join(), /line 2, name: must/)
    assert.match(told('name,class\nAda,a\0b').join(), /line 2, class: must not contain signs/)
  })
})
