import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { emptyDatabase } from '../../test/database.ts'
import { general } from '../../presets/general.ts'
import { newId } from '../ids.ts'
import { migrate, readMigrations } from './migrate.ts'

const connection = await emptyDatabase()
after(() => connection.close())

/** Those that came with the scheduling core, after the first installations. */
const newRules = [
  'published_slots_only',
  'most_holds',
  'most_per_provider_and_day',
  'most_per_client_and_day',
  'most_per_client',
  'one_per_provider_and_dependent',
  'walking_gap_minutes',
  'break_after',
  'registration_opens_at',
  'registration_closes_at',
  'grants',
  'one_per_client_and_location',
  'closes_early',
  'one_person_per_phone',
  'moving_asks_again',
  'hours_needed',
  'slots_close_their_day',
  'slots_in_parts',
] as const

describe('an organization of an earlier version', () => {
  it('has the rules and words that are new, and keeps those that it had', async () => {
    const { pool } = connection
    const migrations = await readMigrations()
    await migrate(pool, migrations.slice(0, 6))
    const old = Object.fromEntries(
      Object.entries(general.rules).filter(([name]) => !(newRules as readonly string[]).includes(name)),
    )
    const words = { client: { one: 'guest', many: 'guests' } }
    const rules = { ...old, notice_minutes: 77 }
    await pool.query(
      `insert into organizations (id, slug, name, trade, time_zone, locale, rules, fields, words, created_at, updated_at)
        values ($1, 'old', 'Old', 'general', 'UTC', 'en', $2, $3, $4, now(), now())`,
      [newId(), rules, general.fields, words].map((value) =>
        typeof value === 'string' ? value : JSON.stringify(value),
      ),
    )
    await migrate(pool, migrations)

    const { rows } = await pool.query('select rules, words from organizations')
    assert.deepEqual(rows[0].rules, { ...general.rules, notice_minutes: 77 })
    assert.deepEqual(rows[0].words, { ...words, resource: { one: 'room', many: 'rooms' } })
  })
})
