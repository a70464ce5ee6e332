import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import { newOrganization } from '../../test/cast.ts'
import { freeTimes } from '../../test/free.ts'
import { bringIn, listOf, problemsOf } from './testing/moving.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())

const rules = {
  grid: 'windows',
  length: 'service',
  slot_minutes: 60,
  horizon_minutes: null,
  dated_hours: 'replace',
} as const
const providers = ['name,email', 'Bo,bo@example.org']

describe('hours that are brought', () => {
  it('are offered: of a week, of a date, and none where a date is closed', async () => {
    const stage = await newOrganization(app, { rules })
    await bringIn(app, stage, {
      providers,
      hours: [
        'provider,weekday,date,opens,closes',
        'bo@example.org,2,,9:00,11:00',
        'bo@example.org,2,,14:00:00,15:00',
        'bo@example.org,,2027-03-09,08:00,09:00',
        'bo@example.org,,2027-03-16,,',
      ],
    })
    const [bo] = await listOf(app, stage, '/providers')
    const on = (date: string) => freeTimes(app, stage.admin, bo, { date })
    assert.deepEqual(await on('2027-03-02'), ['09:00', '10:00', '14:00'])
    assert.deepEqual([await on('2027-03-09'), await on('2027-03-16')], [['08:00'], []])
  })

  it('may be of a whole location, or of a provider at one', async () => {
    const stage = await newOrganization(app, { rules })
    const location = stage.organization.name
    const hours = ['provider,location,weekday,opens,closes', `,${location},2,09:00,10:00`]
    await bringIn(app, stage, { providers, hours: [...hours, `bo@example.org,${location},3,10:00,11:00`] })
    const [bo] = await listOf(app, stage, '/providers')
    const kept = await listOf(app, stage, '/hours')
    const whose = kept.map(({ provider_id, location_id, weekday }) => [
      provider_id,
      location_id !== null,
      weekday,
    ])
    assert.deepEqual(whose, [
      [null, true, 2],
      [bo.id, true, 3],
    ])
  })

  it('must say whose and when', async () => {
    const stage = await newOrganization(app)
    const hours = [
      'provider,location,weekday,date,opens,closes',
      ',,1,,09:00,10:00',
      'no@example.org,,1,,09:00,10:00',
      ',Moon,1,,09:00,10:00',
      'bo@example.org,,1,2027-03-02,09:00,10:00',
      'bo@example.org,,8,,09:00,10:00',
      'bo@example.org,,1,,09:00,',
      'bo@example.org,,1,,09:00,09:00',
    ]
    assert.deepEqual(await problemsOf(app, stage, { providers, hours }), [
      'hours.csv, line 2, provider: is missing: name one, or a location, or both',
      'hours.csv, line 3, provider: names no staff member who is here: no@example.org',
      `hours.csv, line 4, location: names no location here: "Moon"; there are ${stage.organization.name}`,
      'hours.csv, line 5, weekday: or date is needed, and not both',
      'hours.csv, line 6, weekday: must be a number from 1 (Monday) to 7 (Sunday)',
      'hours.csv, line 7, closes: is missing',
      'hours.csv, line 8, closes: must not be the same as opens',
    ])
  })

  it('are not doubled', async () => {
    const stage = await newOrganization(app)
    const hours = ['provider,weekday,opens,closes', 'bo@example.org,2,09:00,11:00']
    await bringIn(app, stage, { providers, hours })
    const again = [...hours, 'bo@example.org,3,09:00,11:00', 'bo@example.org,3,9:00,11:00']
    assert.deepEqual(await problemsOf(app, stage, { hours: again }), [
      'hours.csv, line 2: is there already: the same hours',
      'hours.csv, line 4: is there already: the same hours',
    ])
  })
})
