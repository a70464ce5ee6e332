import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { benchEngine, type Measurement } from './engine.ts'
import { benchHttp } from './http.ts'

/** `npm run bench [engine|http]`: the budgets of the design, measured. Exits with 0 also where one is missed: it shows. */
const parts = { engine: benchEngine, http: benchHttp }
const wanted = process.argv.slice(2)

const found: Measurement[] = []
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) found.push(...(await measure()))
}

const [{ model } = { model: 'unknown' }] = cpus()
console.log(
  `\n${new Date().toISOString().slice(0, 10)}, commit ${commit()}, ${cpus().length} × ${model}, node ${process.version}\n`,
)
console.log('| what | budget | measured | |\n| --- | --- | --- | --- |')
for (const { what, budget, measured, ok } of found) {
  console.log(`| ${what} | ${budget} | ${measured} | ${ok ? 'within' : 'missed'} |`)
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
