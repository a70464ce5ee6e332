import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import { newOrganization } from '../../test/cast.ts'
import { everything } from '../../test/fingerprint.ts'
import { InvalidInput } from '../refusal.ts'
import { importRecords } from './importing.ts'
import { reportOf } from './report.ts'
import { bringIn, listOf, problemsOf } from './testing/moving.ts'

let app: TestApp
before(async () => (app = await startApp({ alone: true })))
after(() => app.stop())

const files = {
  staff: ['name,email,role', 'Ann,ann@example.org,admin'],
  providers: ['name,email', 'Bo,bo@example.org'],
  clients: ['name,email', 'Cy,cy@example.org', 'Di,di@example.org'],
  dependents: ['name,guardians', 'Kim,cy@example.org'],
  hours: ['provider,weekday,opens,closes', 'bo@example.org,1,09:00,17:00'],
  appointments: [
    'provider,client,starts_at,meeting_mode',
    'bo@example.org,cy@example.org,2027-02-22 09:00,online',
    'bo@example.org,cy@example.org,2027-03-08 09:00,online',
  ],
}

describe('an import', () => {
  it('says what it brought, in the words of the trade, and leaves it in the audit log', async () => {
    const stage = await newOrganization(app, { trade: 'school' })
    const imported = await bringIn(app, stage, files)
    assert.deepEqual(reportOf(imported).split('\n'), [
      `Imported into ${stage.organization.name}:`,
      '  1 member of staff',
      '  1 teacher',
      '  2 parents',
      '  1 student',
      '  1 window of hours',
      '  2 meetings, 1 still to come',
      'Nobody was sent a message.',
    ])
    const [entry] = await listOf(app, stage, '/audit-log')
    assert.deepEqual([entry.action, entry.subject_id], ['organization.imported', stage.organization.id])
    const counts = { staff: 1, providers: 1, clients: 2, dependents: 1, hours: 1, appointments: 2 }
    assert.deepEqual(entry.after, counts)
  })

  it('that is a check says the same, and writes nothing', async () => {
    const stage = await newOrganization(app, { trade: 'school' })
    const before = await everything(app.connection)
    const checked = await bringIn(app, stage, files, { check: true })
    assert.deepEqual(await everything(app.connection), before)
    const lines = reportOf(checked).split('\n')
    assert.match(lines[0]!, /^Nothing is wrong\./)
    assert.match(lines.at(-1)!, /nothing was imported/)
    const imported = reportOf(await bringIn(app, stage, files)).split('\n')
    assert.deepEqual(lines.slice(1, -1), imported.slice(1, -1))
  })

  it('with one problem writes nothing at all', async () => {
    const stage = await newOrganization(app, { trade: 'school' })
    const before = await everything(app.connection)
    const clash = 'bo@example.org,di@example.org,2027-03-08 09:00,online'
    const appointments = [...files.appointments, clash]
    assert.equal((await problemsOf(app, stage, { ...files, appointments })).length, 1)
    assert.deepEqual(await everything(app.connection), before)
  })

  it('tells of all problems of all files, in the order of the files and the lines', async () => {
    const stage = await newOrganization(app, { trade: 'school' })
    const found = await problemsOf(app, stage, {
      appointments: [...files.appointments, 'bo@example.org,cy@example.org,tomorrow,by_phone'],
      clients: [...files.clients, 'Ed,ed', ',ed@example.org'],
      providers: ['name,email,colour', 'Bo,bo@example.org,red'],
      hours: [...files.hours, 'bo@example.org,,09:00,17:00'],
    })
    assert.deepEqual(
      found.map((sentence) => sentence.split(':')[0]),
      [
        'providers.csv, line 1, colour',
        'clients.csv, line 4, email',
        'clients.csv, line 5, name',
        'hours.csv, line 3, weekday',
        'appointments.csv, line 4, starts_at',
      ],
    )
  })

  it('does not blame rows for what is wrong with those whom they name, but for what is wrong with themselves', async () => {
    const stage = await newOrganization(app)
    const found = await problemsOf(app, stage, {
      providers: ['name,email,is_active', 'Bo,bo@example.org,perhaps'],
      clients: ['name,email,locale', 'Cy,cy@example.org,German'],
      dependents: ['name,guardians,birth_date', 'Kim,cy@example.org,', 'Lou,cy@example.org,yesterday'],
      hours: ['provider,weekday,opens,closes', 'bo@example.org,1,09:00,17:00'],
      appointments: [
        'provider,client,dependent,starts_at',
        'bo@example.org,cy@example.org,Kim,2027-03-08 09:00',
        'bo@example.org,cy@example.org,Max,2027-03-08 10:00',
        'bo@example.org,cy@example.org,Kim,2027-03-08 09:15',
      ],
    })
    assert.deepEqual(found, [
      'providers.csv, line 2, is_active: must be true or false',
      'clients.csv, line 2, locale: must be a language, such as en or de-AT',
      'dependents.csv, line 3, birth_date: must be a date, such as 2027-03-31',
      'appointments.csv, line 3, dependent: names no dependent of Cy: "Max"',
      'appointments.csv, line 4, starts_at: is taken: the staff member has the appointment of line 2 then',
    ])
  })

  it('is for an organization that there is', async () => {
    const { organization } = await newOrganization(app)
    const wanted = { organization: 'nowhere', files: {} }
    await assert.rejects(
      importRecords(app.connection.db, wanted, app.now()),
      (error) =>
        error instanceof InvalidInput &&
        error.message.includes('"nowhere" is not the slug of one here') &&
        error.message.includes(organization.slug),
    )
  })

  it('sees and touches nobody of another organization', async () => {
    const [stage, other] = [await newOrganization(app), await newOrganization(app)]
    const { providers, clients } = files
    await bringIn(app, other, { providers, clients })
    const appointments = ['provider,client,starts_at', 'bo@example.org,cy@example.org,2027-03-08 09:00']
    assert.equal((await problemsOf(app, stage, { appointments })).length, 2)
    assert.deepEqual(await problemsOf(app, stage, { providers, clients, appointments }), [])
    assert.deepEqual(await listOf(app, other, '/appointments'), [])
  })
})
