import { writeSync } from 'node:fs'
import { openEmbedded } from '../open.ts'
import { seed, silent } from './places.ts'

// A program that writes row after row and says of each that it was acknowledged, until it is killed.
const [folder, durable] = process.argv.slice(2)
const database = await openEmbedded({
  folder: folder!,
  seed,
  durable: durable !== 'careless',
  timers: { checkpoint_minutes: 0.005, vacuum_minutes: 0.02 },
  log: silent,
})
const { pool } = database
await pool.query('create table if not exists kept (id int primary key, text text not null)')
const { rows } = await pool.query('select coalesce(max(id), 0) as last from kept')

for (let id = rows[0].last + 1; ; id++) {
  await pool.query('insert into kept values ($1, $2)', [id, 'kept'.repeat(50)])
  writeSync(1, `${id}\n`)
}
