import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import { newOrganization } from '../../test/cast.ts'
import { bringIn, listOf, problemsOf } from './testing/moving.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())

const clients = ['name,email,phone', 'Cy,cy@example.org,', 'Di,,+4915100000001', 'Ed,ed@example.org,']

describe('a student', () => {
  it('has the guardians whom the file names, by address or by phone', async () => {
    const stage = await newOrganization(app, { trade: 'school' })
    const dependents = [
      'name,guardians,birth_date,class',
      'Kim,CY@example.org | +49 151 00000001,2015-04-30,5a',
      'Lou,cy@example.org,,',
    ]
    await bringIn(app, stage, { clients, dependents })
    const [kim, lou] = await listOf(app, stage, '/dependents')
    assert.deepEqual([kim.name, kim.birth_date, kim.details], ['Kim', '2015-04-30', { class: '5a' }])
    const guardians = (one: { guardians: { name: string }[] }) => one.guardians.map(({ name }) => name)
    assert.deepEqual([guardians(kim), guardians(lou)], [['Cy', 'Di'], ['Cy']])
  })

  it('may be of a parent who was there before', async () => {
    const stage = await newOrganization(app)
    await bringIn(app, stage, { clients })
    await bringIn(app, stage, { dependents: ['name,guardians', 'Kim,ed@example.org'] })
    const [kim] = await listOf(app, stage, '/dependents')
    assert.equal(kim.guardians[0].name, 'Ed')
  })

  it('must have a guardian who is there, and one alone', async () => {
    const stage = await newOrganization(app, { trade: 'school' })
    const shared = [
      'name,email,phone',
      'Cy,cy@example.org,+4915100000001',
      'Di,di@example.org,+4915100000001',
    ]
    const dependents = ['name,guardians', 'Kim,nobody@example.org', 'Lou,', 'Max,+4915100000001', 'Ned,Cy']
    assert.deepEqual(await problemsOf(app, stage, { clients: shared, dependents }), [
      'dependents.csv, line 2, guardians: names no parent who is here: nobody@example.org',
      'dependents.csv, line 3, guardians: is missing',
      'dependents.csv, line 4, guardians: names several parents (Cy, Di): +4915100000001; name one by what is theirs alone',
      'dependents.csv, line 5, guardians: must be a number with its country code, such as +4915112345678',
    ])
  })

  it('is not doubled by a second import, nor by a second row', async () => {
    const stage = await newOrganization(app, { trade: 'school' })
    await bringIn(app, stage, { clients, dependents: ['name,guardians', 'Kim,cy@example.org'] })
    const dependents = ['name,guardians', 'kim,cy@example.org', 'Lou,ed@example.org', 'Lou,ed@example.org']
    assert.deepEqual(await problemsOf(app, stage, { dependents }), [
      'dependents.csv, line 2, name: is there already: a student of this name is with Cy',
      'dependents.csv, line 4, name: is there already: a student of this name is with Ed',
    ])
  })
})
