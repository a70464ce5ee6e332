export const MINUTE = 60
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Keeps instants so many seconds ahead of the program's own clock; the clock of this machine is never asked. */
export function fromNow(seconds: Record<string, number>): string {
  return askingTheClock(keeping(seconds, 'at'))
}

/** Keeps dates so many days ahead. In no time zone is the date further from it than a day. */
export function daysFromNow(days: Record<string, number>): string {
  const seconds = Object.entries(days).map(([name, count]) => [name, count * DAY])
  return askingTheClock(keeping(Object.fromEntries(seconds), 'on'))
}

/** An appointment that begins in a moment, as only one that has begun can be completed or missed. */
export const inAMoment = fromNow({ start_time: 2, end_time: 2 + MINUTE })

/** Waits until an appointment made for `inAMoment` has begun, by the program's own clock. */
export const untilBegun = `
const look = (tries) => pm.sendRequest(pm.variables.replaceIn('{{base_url}}/api/v1/time/now'), (error, reply) => {
  if (error) throw error
  const missing = Date.parse(pm.variables.get('start_time')) - Date.parse(reply.json().now)
  if (missing > 0 && tries > 0) setTimeout(() => look(tries - 1), Math.min(missing, 1000))
})
look(10)`

/** Nobody of an earlier run is met again: the addresses are others. */
export const newRun = `
pm.collectionVariables.set('run', pm.variables.replaceIn('{{$guid}}').slice(0, 8))`

/** What every request is given: the organization, where several are served and one is named. */
export const namingTheOrganization = `
const organization = pm.variables.get('organization')
if (organization) pm.request.headers.upsert({ key: 'X-Organization', value: organization })`

function askingTheClock(lines: string): string {
  return `
pm.sendRequest(pm.variables.replaceIn('{{base_url}}/api/v1/time/now'), (error, reply) => {
  if (error) throw error
  const now = Math.ceil(Date.parse(reply.json().now) / 1000)
  const at = (seconds) => new Date((now + seconds) * 1000).toISOString().replace('.000', '')
  const on = (seconds) => at(seconds).slice(0, 10)
${lines}
})`
}

function keeping(seconds: Record<string, number>, how: 'at' | 'on'): string {
  const lines = Object.entries(seconds).map(
    ([name, count]) => `  pm.collectionVariables.set('${name}', ${how}(${count}))`,
  )
  return lines.join('\n')
}
