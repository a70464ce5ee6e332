import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { hashSync } from 'bcryptjs'
import { startApp, type TestApp } from '../../test/app.ts'
import {
  logIn,
  newClient,
  newLocation,
  newOrganization,
  newProvider,
  PASSWORD,
  type Stage,
} from '../../test/cast.ts'
import { hashPassword } from '../accounts/passwords.ts'
import { addClient } from '../people/clients.ts'
import { bringIn, type Lines, listOf, problemsOf } from './testing/moving.ts'

let app: TestApp
let argon2id: string
const bcrypt = hashSync(PASSWORD, 4).replace('$2b$', '$2y$')
before(async () => {
  app = await startApp()
  argon2id = await hashPassword(PASSWORD)
})
after(() => app.stop())

const accounts = async ({ organization }: Stage) => {
  const all = app.connection.db.selectFrom('accounts').selectAll()
  return all.where('organization_id', '=', organization.id).execute()
}
const accountOf = async (stage: Stage, email: string) =>
  (await accounts(stage)).find((account) => account.email === email)
const userOf = async (stage: Stage, email: string) =>
  (await listOf(app, stage, `/users?search=${email}`)).find((user) => user.email === email)

describe('somebody who brings a password', () => {
  it('logs in with it, whether it was hashed by bcrypt or argon2id, without verifying anything', async () => {
    const stage = await newOrganization(app, { rules: { log_in_needs_verified_email: true } })
    await bringIn(app, stage, {
      staff: ['name,email,role,password_hash', `Ann,ann@example.org,secretary,${bcrypt}`],
      providers: ['name,email,password_hash', `Bo,bo@example.org,"${argon2id}"`],
      clients: ['name,email,password_hash', `Cy,cy@example.org,${bcrypt}`],
    })
    for (const who of ['ann', 'bo', 'cy']) {
      const email = `${who}@example.org`
      assert.equal((await logIn(app, stage.organization, email)).status, 200, who)
      assert.equal((await logIn(app, stage.organization, email, 'Wrong-Horse-9')).status, 401, who)
    }
  })

  it('has it hashed anew at the first log-in where the hash is of bcrypt', async () => {
    const stage = await newOrganization(app)
    await bringIn(app, stage, { clients: ['name,email,password_hash', `Cy,cy@example.org,${bcrypt}`] })
    assert.equal((await accountOf(stage, 'cy@example.org'))!.password_hash, bcrypt)
    await logIn(app, stage.organization, 'cy@example.org')
    assert.match((await accountOf(stage, 'cy@example.org'))!.password_hash!, /^\$argon2id\$/)
  })

  it('needs an address to log in with, of a domain that the organization allows', async () => {
    const stage = await newOrganization(app, { rules: { email_domains: ['school.example'] } })
    const lines = {
      providers: ['name,email,password_hash', `Bo,,${bcrypt}`, `Di,di@elsewhere.example,${bcrypt}`],
      clients: ['name,email', 'Cy,cy@elsewhere.example'],
    }
    assert.deepEqual(await problemsOf(app, stage, lines), [
      'providers.csv, line 2, password_hash: needs an email with it, to log in with',
      'providers.csv, line 3, email: must be an address at school.example',
    ])
  })
})

describe('somebody who brings no password', () => {
  it('has an account that waits if they work here, and is sent nothing until they are invited', async () => {
    const stage = await newOrganization(app)
    const { rows: before } = await eventsOf(stage)
    await bringIn(app, stage, {
      staff: ['name,email,role', 'Ann,ann@example.org,reception'],
      providers: ['name,email', 'Bo,bo@example.org'],
    })
    assert.deepEqual((await eventsOf(stage)).rows, before)
    for (const email of ['ann@example.org', 'bo@example.org']) {
      const { id, has_password, is_verified } = await userOf(stage, email)
      assert.deepEqual([has_password, is_verified], [false, false])
      assert.equal((await app.post(`/users/${id}/invite`, { token: stage.admin.token })).status, 202)
    }
    const told = (await eventsOf(stage)).rows.slice(before.length)
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['account.invited', 'account.invited'],
    )
  })

  it('has no account as a client, and can sign up for it later', async () => {
    const stage = await newOrganization(app, { rules: { sign_up_as: ['client'] } })
    await bringIn(app, stage, { clients: ['name,email', 'Cy,cy@example.org'] })
    assert.equal(await accountOf(stage, 'cy@example.org'), undefined)
    const body = { email: 'cy@example.org', password: PASSWORD, name: 'Cy' }
    const headers = { 'x-organization': stage.organization.slug }
    assert.equal((await app.post('/auth/register', { headers, body })).status, 201)
  })
})

describe('what is said of people', () => {
  it('is kept: phone, language, notes, and the fields of the trade', async () => {
    const stage = await newOrganization(app, { trade: 'school' })
    await bringIn(app, stage, {
      providers: ['name,email,bio,subject,is_active', 'Bo,bo@example.org,Teaches,Physics,no'],
      clients: ['name,phone,locale,notes,details.notes', 'Cy,+49 151 1234567,de-AT,For the desk,Her own'],
    })
    const [bo] = await listOf(app, stage, '/providers?include_inactive=true')
    assert.deepEqual(
      [bo.name, bo.bio, bo.is_active, bo.details],
      ['Bo', 'Teaches', false, { subject: 'Physics' }],
    )
    const [cy] = await listOf(app, stage, '/clients')
    assert.deepEqual(
      [cy.name, cy.phone, cy.email, cy.locale, cy.notes, cy.details],
      ['Cy', '+491511234567', null, 'de-AT', 'For the desk', { notes: 'Her own' }],
    )
  })

  it('makes them members of locations, the first of which is their main one', async () => {
    const stage = await newOrganization(app)
    const [north, south] = [await newLocation(app, stage), await newLocation(app, stage)]
    const both = `${south.name} | ${north.name.toUpperCase()}`
    await bringIn(app, stage, { providers: ['name,email,locations', `Bo,bo@example.org,${both}`] })
    const main = async ({ id }: { id: string }) =>
      (await listOf(app, stage, `/locations/${id}/members`)).map(({ name, is_primary }) => [name, is_primary])
    assert.deepEqual([await main(south), await main(north)], [[['Bo', true]], [['Bo', false]]])
  })

  it('must name locations and roles that there are', async () => {
    const stage = await newOrganization(app)
    const staff = [
      'name,email,role,locations',
      'Ann,ann@example.org,secretary,Moon',
      'Al,al@example.org,boss,',
    ]
    assert.deepEqual(await problemsOf(app, stage, { staff }), [
      `staff.csv, line 2, locations: names no location here: "Moon"; there are ${stage.organization.name}`,
      'staff.csv, line 3, role: must be one of admin, secretary, reception',
    ])
  })

  it('must be what the fields of the trade take', async () => {
    const stage = await newOrganization(app, { trade: 'veterinary' })
    const lines = {
      clients: ['name,email', 'Cy,cy@example.org'],
      dependents: ['name,guardians,species,size', 'Rex,cy@example.org,,huge'],
    }
    assert.deepEqual(await problemsOf(app, stage, lines), [
      'dependents.csv, line 2, species: is missing',
      'dependents.csv, line 2, size: must be one of small, medium, large, extra_large',
    ])
  })
})

describe('one human', () => {
  it('is one person with one log-in, in however many files they stand', async () => {
    const stage = await newOrganization(app)
    await bringIn(app, stage, {
      staff: ['name,email,role', 'Ann,ann@example.org,admin'],
      providers: ['name,email,phone', 'Ann,Ann@Example.org,+4915112345678'],
      clients: ['name,email,locale,password_hash', `Ann Other,ann@example.org,de,${bcrypt}`],
    })
    const user = await userOf(stage, 'ann@example.org')
    assert.deepEqual(user.roles, ['admin', 'client', 'provider'])
    assert.deepEqual([user.name, user.phone, user.locale], ['Ann', '+4915112345678', 'de'])
    assert.equal((await logIn(app, stage.organization, 'ann@example.org')).status, 200)
    const [client] = await listOf(app, stage, '/clients')
    const [provider] = await listOf(app, stage, '/providers')
    assert.deepEqual([client.id, provider.id], [user.id, user.id])
  })

  it('has not two passwords', async () => {
    const stage = await newOrganization(app)
    const lines = {
      providers: ['name,email,password_hash', `Ann,ann@example.org,"${argon2id}"`],
      clients: ['name,email,password_hash', `Ann,ann@example.org,${bcrypt}`],
    }
    assert.deepEqual(await problemsOf(app, stage, lines), [
      'clients.csv, line 2, password_hash: is another than that of the same person in another file',
    ])
  })

  it('stays who they are when the desk had written them down as a client', async () => {
    const stage = await newOrganization(app)
    const known = await written(stage, { name: 'Ann', email: 'ann@example.org' })
    await bringIn(app, stage, {
      staff: ['name,email,role', 'Ann,ann@example.org,admin'],
      providers: ['name,email', 'Ann,ann@example.org'],
    })
    const { id, roles } = await userOf(stage, 'ann@example.org')
    assert.deepEqual([id, roles], [known.id, ['admin', 'client', 'provider']])
  })

  it('is none of several clients who share an address: who of them it is, people decide', async () => {
    const stage = await newOrganization(app)
    const shared = { email: 'family@example.org' }
    const known = [
      await written(stage, { name: 'Ann', ...shared }),
      await written(stage, { name: 'Al', ...shared }),
    ]
    await bringIn(app, stage, {
      staff: ['name,email,role', 'Ann,family@example.org,admin'],
      providers: ['name,email', 'Ann,family@example.org'],
    })
    const { id, roles } = await userOf(stage, 'family@example.org')
    assert.ok(known.every((client) => client.id !== id))
    assert.deepEqual(roles, ['admin', 'provider'])
  })

  it('is not doubled by a second import of the same files', async () => {
    const stage = await newOrganization(app)
    const lines: Lines = {
      staff: ['name,email,role', 'Ann,ann@example.org,admin'],
      providers: ['name,email,phone', 'Bo,bo@example.org,', 'Di,,+4915100000001', 'Ed,,'],
      clients: ['name,email,phone', 'Cy,cy@example.org,', 'Fay,,+4915100000002', 'Gus,,'],
    }
    await bringIn(app, stage, lines)
    assert.deepEqual(await problemsOf(app, stage, lines), [
      'staff.csv, line 2, email: is there already: it is the address of Ann',
      'providers.csv, line 2, email: is there already: it is the address of Bo',
      'providers.csv, line 3, name: is there already: Di, with the same phone',
      'providers.csv, line 4, name: is there already: Ed, without an address and a phone',
      'clients.csv, line 2, email: is there already: it is the address of Cy',
      'clients.csv, line 3, name: is there already: Fay, with the same phone',
      'clients.csv, line 4, name: is there already: Gus, without an address and a phone',
    ])
  })

  it('is not doubled by a file that has them twice', async () => {
    const stage = await newOrganization(app)
    const clients = ['name,email', 'Cy,cy@example.org', 'Cy again,CY@example.org']
    assert.deepEqual(await problemsOf(app, stage, { clients }), [
      'clients.csv, line 3, email: is there already: it is the address of Cy (clients.csv, line 2)',
    ])
  })

  it('is not taken for somebody who has an account', async () => {
    const stage = await newOrganization(app)
    const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
    const found = await problemsOf(app, stage, {
      providers: ['name,email', `Bo,${client.email}`],
      clients: ['name,email', `Cy,${provider.email}`],
    })
    assert.deepEqual(found, [
      `providers.csv, line 2, email: is there already: it is the address of ${client.name}`,
      `clients.csv, line 2, email: is there already: it is the address of ${provider.name}`,
    ])
  })

  it('is another than somebody of the same name with another phone, or at another school', async () => {
    const stage = await newOrganization(app)
    await written(stage, { name: 'Cy', phone: '+4915100000001' })
    await written(await newOrganization(app), { name: 'Di', email: 'di@example.org' })
    const clients = ['name,email,phone', 'Cy,,+4915100000002', 'Di,di@example.org,']
    assert.deepEqual(await problemsOf(app, stage, { clients }), [])
    assert.equal((await listOf(app, stage, '/clients')).length, 3)
  })
})

function eventsOf({ organization }: Stage) {
  const query = `select kind from events where organization_id = $1 order by id`
  return app.connection.pool.query<{ kind: string }>(query, [organization.id])
}

/** As the desk does it. */
function written({ organization, admin }: Stage, wanted: { name: string; email?: string; phone?: string }) {
  const organization_id = organization.id
  const actor = {
    organization_id,
    person_id: admin.id,
    session_id: '',
    roles: ['admin' as const],
    location_ids: [],
  }
  return addClient(app.connection.db, actor, wanted, app.now())
}

describe('a phone that is one person’s', () => {
  it('is not brought for another, from the files or from before', async () => {
    const stage = await newOrganization(app, { rules: { one_person_per_phone: true } })
    await bringIn(app, stage, { clients: ['name,phone', 'Al,+441632960001'] })
    const problems = await problemsOf(app, stage, {
      providers: ['name,email,phone', 'Bo,bo@example.org,+441632960002'],
      clients: [
        'name,email,phone',
        'Bo,bo@example.org,+441632960002',
        'Cy,cy@example.org,+441632960001',
        'Di,di@example.org,+441632960002',
      ],
    })
    assert.equal(problems.length, 2)
    assert.match(problems[0]!, /clients.csv, line 3.*phone.*of Al/)
    assert.match(problems[1]!, /clients.csv, line 4.*phone.*of Bo/)
  })
})
