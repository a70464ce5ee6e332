import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import { newLocation, newOrganization } from '../../test/cast.ts'
import type { ImportKind } from './importing.ts'
import { bringIn, brokenPromises } from './testing/moving.ts'

let app: TestApp
before(async () => (app = await startApp({ alone: true })))
after(() => app.stop())

const page = readFileSync(new URL('../../docs/importing.md', import.meta.url), 'utf8')

/** The files that a section of the page shows, in order. */
function examplesOf(heading: string): string[][] {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const blocks = section.split('\n## ')[0]!.matchAll(/```csv\n([^`]*)\n```/g)
  return [...blocks].map(([, lines]) => lines!.split('\n'))
}

describe('the page for those who move', () => {
  const examples: Record<string, { trade: string; location: string; kinds: ImportKind[] }> = {
    'A school': {
      trade: 'school',
      location: 'Hill School',
      kinds: ['providers', 'clients', 'dependents', 'appointments'],
    },
    'An office': {
      trade: 'office',
      location: 'Town hall',
      kinds: ['staff', 'providers', 'hours', 'clients', 'appointments'],
    },
  }
  for (const [heading, { trade, location, kinds }] of Object.entries(examples)) {
    it(`shows files that can be imported as they stand: ${heading.toLowerCase()}`, async () => {
      const stage = await newOrganization(app, { trade })
      await newLocation(app, stage, { name: location })
      const files = examplesOf(heading)
      assert.equal(files.length, kinds.length)
      const lines = Object.fromEntries(kinds.map((kind, at) => [kind, files[at]!]))
      const { counts } = await bringIn(app, stage, lines)
      assert.deepEqual(counts, Object.fromEntries(kinds.map((kind, at) => [kind, files[at]!.length - 1])))
      assert.deepEqual(await brokenPromises(app), [])
    })
  }
})
