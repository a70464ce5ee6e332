import type { Step } from './steps.ts'

/** The script that looks at the answer of a request: its status, what it shows, and what is kept of it. */
export function scriptOf({ asks, answers, shows = {}, keeps = {} }: Step): string[] {
  const isRefused = [answers].flat().every((status) => status >= 400)
  const looks = Object.entries({ ...shows, ...(isRefused && why) })
  return [
    ...lookAtStatus([answers].flat()),
    asks.endsWith('.ics') ? unfolded : 'const answer = pm.response.json()',
    ...(looks.some(([, script]) => script.includes('kept('))
      ? ['const kept = (name) => pm.variables.get(name)']
      : []),
    ...looks.flatMap(([promise, script]) => inTest(`Shows ${promise}`, linesOf(script))),
    ...Object.entries(keeps).map(([name, value]) => `pm.collectionVariables.set('${name}', ${value})`),
  ]
}

/** The lines of a script as they stand in a template, without what indents them there. */
export function linesOf(script: string): string[] {
  const lines = script.split('\n').filter((line) => line.trim() !== '')
  const indents = lines.map((line) => line.length - line.trimStart().length)
  return lines.map((line) => line.slice(Math.min(...indents)))
}

/** A calendar with its long lines in one piece. */
const unfolded = String.raw`const calendar = pm.response.text().replaceAll('\r\n ', '')`

const why = { 'the reason': `pm.expect(answer.detail).to.be.a('string').and.not.empty` }

function lookAtStatus(statuses: number[]): string[] {
  const [status] = statuses
  if (statuses.length === 1) return inTest(`Answers ${status}`, [`pm.response.to.have.status(${status})`])
  const look = `pm.expect(pm.response.code).to.be.oneOf([${statuses.join(', ')}])`
  return inTest(`Answers ${statuses.join(' or ')}`, [look])
}

function inTest(name: string, lines: string[]): string[] {
  return [`pm.test('${name}', () => {`, ...lines.map((line) => `  ${line}`), '})']
}
