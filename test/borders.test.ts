import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { findViolations } from './borders.ts'

/** Path, what stands in the file, and a word of the sentence that is expected; none where it is allowed. */
type Scenario = [path: string, text: string, expected?: RegExp]

function check(scenarios: Scenario[]): void {
  for (const [path, text, expected] of scenarios) {
    const said = findViolations([{ path, text }]).map((violation) => violation.sentence)
    if (expected) {
      assert.equal(said.length, 1, `${path}: ${text}\n${said.join('\n')}`)
      assert.match(said[0] ?? '', expected)
    } else assert.deepEqual(said, [], `${path}: ${text}`)
  }
}

suite('the borders', () => {
  test('let imports run from app to engine and never back', () => {
    check([
      ['app.ts', `import { routes } from './dialects/school/routes.ts'`],
      ['dialects/school/routes.ts', `import { book } from '../../server/appointments/booking.ts'`],
      ['server/slots/gather.ts', `import { openings } from '../../engine/openings.ts'`],
      ['server/database/tables.ts', `import type { Rules } from '../../presets/preset.ts'`],
      ['presets/school.ts', `import type { Rules } from '../engine/rules.ts'`],
      ['engine/days.ts', `import { x } from '../presets/school.ts'`, /engine imports only itself/],
      ['server/slots/gather.ts', `import { x } from '../../dialects/school/routes.ts'`, /may not import/],
      ['dialects/school/routes.ts', `import { app } from '../../app.ts'`, /may not import app\.ts/],
      ['server/jobs/clockwork.ts', `import { x } from '../../commands/start.ts'`, /may not import commands/],
      ['server/jobs/clockwork.ts', `import { x } from '../../docs/x.ts'`, /may not import docs/],
      ['commands/start.ts', `import { app } from '../app.ts'`],
    ])
  })

  test('keep the order of the folders inside server', () => {
    check([
      ['server/jobs/clockwork.ts', `import { x } from '../calendar/days.ts'`],
      ['server/slots/gather.ts', `import { x } from '../hours/weekly.ts'`],
      ['server/slots/gather.ts', `import { x } from './holds.ts'`],
      ['server/hours/weekly.ts', `import { x } from '../slots/gather.ts'`, /slots.*imports only database/],
      ['server/calendar/days.ts', `import { x } from '../live/hub.ts'`, /may not import server\/live/],
      [
        'server/database/connect.ts',
        `import { x } from '../events/x.ts'`,
        /only the files directly in server/,
      ],
    ])
  })

  test('leave the files directly in server to everyone, and keep them from the folders', () => {
    check([
      ['server/hours/weekly.ts', `import { Refusal } from '../refusal.ts'`],
      ['dialects/school/routes.ts', `import { Refusal } from '../../server/refusal.ts'`],
      ['server/shapes.ts', `import { Type } from 'typebox'\nimport { x } from './ids.ts'`],
      ['server/shapes.ts', `import { x } from './database/tables.ts'`, /common ground/],
    ])
  })

  test('keep each dialect from knowing another', () => {
    check([
      ['dialects/school/routes.ts', `import { x } from './words.ts'`],
      ['dialects/school/routes.ts', `import { x } from '../clinic/words.ts'`, /no dialect knows another/],
    ])
  })

  test('keep packages out of the engine and everything but types out of presets', () => {
    check([
      ['engine/days.ts', `import fs from 'node:fs'`, /hand it what it needs from node:fs/],
      ['engine/days.ts', `import type { X } from 'kysely'`, /kysely/],
      ['engine/days.test.ts', `import fc from 'fast-check'\nimport { x } from '../test/people.ts'`],
      ['presets/school.ts', `import type { X } from 'typebox'`],
      ['presets/school.ts', `import { x } from './office.ts'`, /import type/],
    ])
  })

  test('let web know only the engine, the presets and itself', () => {
    check([
      [
        'web/booking/page.tsx',
        `import { x } from '../ui/button.tsx'\nimport { y } from '../../engine/days.ts'`,
      ],
      [
        'web/booking/page.tsx',
        `import type { Row } from '../../server/database/tables.ts'`,
        /web imports only/,
      ],
      ['demo/school.ts', `import { x } from '../app.ts'`],
      ['demo/school.ts', `import { x } from '../web/api/client.ts'`, /may not import web/],
    ])
  })

  test('let only tests import tests', () => {
    check([
      ['server/hours/weekly.test.ts', `import { x } from '../slots/gather.reference.ts'`],
      ['server/hours/weekly.ts', `import { x } from './weekly.test.ts'`, /only tests import it/],
      ['server/hours/weekly.ts', `import { x } from '../../test/people.ts'`, /may not import test/],
    ])
  })

  test('refuse folders that the table does not know', () => {
    check([
      ['server/utils/text.ts', `import { x } from '../http/y.ts'`, /server\/utils\/ is not in the table/],
      ['library/text.ts', '', /library\/ is not in the table/],
    ])
  })

  test('see every way to import', () => {
    const allowed = '../days.ts'
    const forbidden = '../../live/hub.ts'
    for (const from of [allowed, forbidden]) {
      check(
        [
          `import '${from}'`,
          `import x from '${from}'`,
          `import type { X } from '${from}'`,
          `import {\n  x,\n} from '${from}'`,
          `export * from '${from}'`,
          `export type { X } from '${from}'`,
          `const x = await import('${from}')`,
          `type X = import('${from}').X`,
        ].map((text) => ['server/calendar/views/day.ts', text, from === forbidden ? /live/ : undefined]),
      )
    }
  })

  test('do not mistake words for imports', () => {
    check([['engine/days.ts', `// import x from 'y'\nconst text = "import x from 'y'"`]])
  })

  test('refuse an index that re-exports', () => {
    check([
      ['server/hours/index.ts', `export * from './weekly.ts'`, /import the file itself/],
      ['server/hours/index.ts', `export const x = 1`],
    ])
  })

  test('let only the settings read the environment', () => {
    check([
      ['server/settings.ts', 'readSettings(process.env)'],
      ['main.ts', 'readSettings(process.env)'],
      ['server/http/server.ts', 'const port = process.env.PORT', /take a setting as an argument/],
    ])
  })

  test('let only the composition root read the clock', () => {
    check([
      ['server/clock.ts', 'Date.now()'],
      ['commands/start.ts', 'Temporal.Now.instant()'],
      ['server/hours/weekly.test.ts', 'new Date()'],
      ['server/hours/weekly.ts', 'new Date(0); Type.Date()'],
      ['server/hours/weekly.ts', 'new Date()', /take `now` as an argument/],
      ['server/hours/weekly.ts', 'Date.now()', /clock/],
      ['engine/days.ts', 'Temporal.Now.instant()', /clock/],
    ])
  })

  test('name the line', () => {
    const text = `// why\n\nimport { x } from '../live/hub.ts'`
    assert.equal(findViolations([{ path: 'server/slots/gather.ts', text }])[0]?.line, 3)
  })
})
