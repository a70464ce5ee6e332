import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newOrganization, type Stage } from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

const change = ({ admin }: Stage, body: object) =>
  app.request('PATCH', '/organization', { token: admin.token, body })
const species = { name: 'species', label: 'Species', kind: 'text', required: true }

describe("an organization's own fields and words", () => {
  it('are its administrator’s to choose, and checked from then on', async () => {
    const stage = await newOrganization(app)
    const changed = await change(stage, { fields: { client: [species] } })
    assert.deepEqual(changed.body.fields.client, [species])
    const { token } = stage.admin
    const without = await app.post('/clients', { token, body: { name: 'Kim' } })
    assert.equal(without.status, 422)
    assert.equal(without.body.errors[0].field, 'details.species')
    const body = { name: 'Kim', details: { species: 'cat' } }
    assert.equal((await app.post('/clients', { token, body })).status, 201)
  })

  it('leave the fields of other kinds, and other words, as they were', async () => {
    const stage = await newOrganization(app, { trade: 'veterinary' })
    const word = { one: 'animal', many: 'animals' }
    const { body } = await change(stage, { fields: { client: [species] }, words: { dependent: word } })
    const { fields, words } = stage.organization
    assert.deepEqual(body.fields, { ...fields, client: [species] })
    assert.deepEqual(body.words, { ...words, dependent: word })
  })

  const nonsense: [string, object, string][] = [
    [
      'a value that is there once, of others than providers',
      { fields: { client: [{ ...species, unique: true }] } },
      'fields.client.0.unique',
    ],
    ['two fields of one name', { fields: { client: [species, species] } }, 'fields.client.1.name'],
    [
      'a choice of nothing',
      { fields: { client: [{ ...species, kind: 'choice' }] } },
      'fields.client.0.options',
    ],
    [
      'a name with a space',
      { fields: { client: [{ ...species, name: 'the species' }] } },
      'fields.client.0.name',
    ],
    [
      'a kind that there is not',
      { fields: { client: [{ ...species, kind: 'photo' }] } },
      'fields.client.0.kind',
    ],
    ['fields of something else', { fields: { hours: [] } }, 'fields.hours'],
    ['a word without its plural', { words: { client: { one: 'guest' } } }, 'words.client.many'],
    [
      'a registration that closes before it opens',
      {
        rules: {
          registration_opens_at: '2027-03-02T00:00:00Z',
          registration_closes_at: '2027-03-01T00:00:00Z',
        },
      },
      'rules.registration_closes_at',
    ],
  ]
  for (const [what, body, field] of nonsense) {
    it(`are refused, and the field is named: ${what}`, async () => {
      const answer = await change(await newOrganization(app), body)
      assert.equal(answer.status, 422)
      assert.equal(answer.body.errors[0].field, field)
    })
  }
})
