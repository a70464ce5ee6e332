// The page /jobs: asks the API every two seconds for as long as somebody looks, and shows what it says.
const EVERY_MILLISECONDS = 2000
const KEPT = 'punctual-jobs-token'

const byId = (id) => document.getElementById(id)
const [form, seen, news] = [byId('log-in'), byId('seen'), byId('news')]
let token = sessionStorage.getItem(KEPT)
let timer

/** Asks the API; throws with its sentence where it refuses. */
async function ask(path, { method = 'GET', body, headers = {} } = {}) {
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const content = await answer.json().catch(() => ({}))
  if (answer.ok) return content
  const failure = new Error(content.detail ?? `The server answered ${answer.status}.`)
  throw Object.assign(failure, { status: answer.status })
}

function tell(sentence, isBad = false) {
  // Said once and not again every two seconds: whoever listens to the page would hear nothing else.
  if (news.textContent !== sentence) news.textContent = sentence
  news.classList.toggle('bad', isBad)
}

function element(name, content, className) {
  const made = document.createElement(name)
  if (className) made.className = className
  made.append(...[content].flat().map((part) => part ?? '–'))
  return made
}

/** A row whose first cell is its heading. */
function row([first, ...others]) {
  const heading = element('th', first)
  heading.scope = 'row'
  return element('tr', [heading, ...others.map((content) => element('td', content))])
}

/** Puts rows into a table's body, unless they are there already: what has the focus keeps it. */
function show(id, rows, empty) {
  const body = byId(id)
  const made = rows.length > 0 ? rows : [element('tr', [nothing(empty, body)])]
  const fresh = element('tbody', made)
  if (fresh.innerHTML === body.innerHTML) return
  const focused = body.contains(document.activeElement) ? document.activeElement.dataset.job : undefined
  body.replaceChildren(...fresh.childNodes)
  if (focused) body.querySelector(`[data-job="${CSS.escape(focused)}"]`)?.focus()
}

function nothing(sentence, body) {
  const cell = element('td', sentence)
  cell.colSpan = body.parentElement.querySelectorAll('thead th').length
  return cell
}

const at = (instant) => instant && new Date(instant).toLocaleString()
const state = (run) => element('span', run.state, run.state)
const note = (text) => element('small', text)

function took({ started_at, finished_at }) {
  if (!started_at || !finished_at) return null
  const milliseconds = new Date(finished_at) - new Date(started_at)
  return milliseconds < 10_000 ? `${milliseconds} ms` : `${Math.round(milliseconds / 1000)} s`
}

function outcome({ result, error }) {
  if (error) return element('span', error, 'failed')
  if (!result) return null
  return Object.entries(result)
    .map(([what, count]) => `${what.replaceAll('_', ' ')}: ${count}`)
    .join(', ')
}

function starter({ name }) {
  const button = element('button', 'Run')
  button.type = 'button'
  button.dataset.job = name
  button.setAttribute('aria-label', `Run ${name} now`)
  return button
}

const days = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays']

/** A rhythm as people say it; one that we have no words for stands as it is written. */
function rhythm(every) {
  if (!every) return 'by hand'
  if (every === '* * * * *') return 'each minute'
  if (every === '0 * * * *') return 'each hour'
  const [, minute, hour, day] = /^(\d+) (\d+) \* \* (\*|[0-6])$/.exec(every) ?? []
  if (!hour) return every
  return `${day === '*' ? 'daily' : days[day]}, ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
}

function showJobs({ items, queues, workers }) {
  show(
    'jobs',
    items.map((job) => {
      const last = job.last_run && [state(job.last_run), note(at(job.last_run.due_at))]
      const failures = job.failures > 0 ? element('span', `${job.failures}`, 'failed') : '0'
      return row([
        [job.name, note(job.does)],
        rhythm(job.every),
        at(job.next_due_at),
        last,
        failures,
        starter(job),
      ])
    }),
    'No jobs.',
  )
  show(
    'queues',
    queues.map(({ name, waiting, oldest_seconds, active, failed }) => {
      const oldest = oldest_seconds === null ? null : `${oldest_seconds} s`
      return row([
        name,
        `${waiting}`,
        oldest,
        `${active}`,
        failed > 0 ? element('span', `${failed}`, 'failed') : '0',
      ])
    }),
    'No queue has been started on this database.',
  )
  show(
    'workers',
    workers.map(({ host, pid, role, started_at, seen_at }) =>
      row([host, `${pid}`, role, at(started_at), at(seen_at)]),
    ),
    'Nobody works: what is due waits.',
  )
  const known = new Set([...byId('job').options].map(({ value }) => value))
  byId('job').append(...items.filter(({ name }) => !known.has(name)).map(({ name }) => new Option(name)))
}

function showRuns({ items }) {
  show(
    'runs',
    items.map((run) =>
      row([run.job, state(run), at(run.due_at), took(run), `${run.attempts}`, outcome(run)]),
    ),
    'None.',
  )
}

async function look() {
  const query = new URLSearchParams({ limit: '50' })
  for (const id of ['job', 'state']) if (byId(id).value) query.set(id, byId(id).value)
  const [jobs, runs, time] = await Promise.all([ask('/jobs'), ask(`/jobs/runs?${query}`), ask('/time/now')])
  showJobs(jobs)
  showRuns(runs)
  byId('now').textContent = `The program's clock: ${at(time.now)}`
  if (news.classList.contains('bad')) tell('')
}

/** Looks now, and again in a while as long as the page can be seen. */
async function keepLooking() {
  clearTimeout(timer)
  form.hidden = token !== null
  seen.hidden = token === null
  byId('log-out').hidden = token === null
  if (token === null || document.hidden) return
  try {
    await look()
  } catch (failure) {
    if (failure.status === 401 || failure.status === 403) return forget(failure.message)
    tell(failure.message, true)
  }
  clearTimeout(timer)
  timer = setTimeout(keepLooking, EVERY_MILLISECONDS)
}

function forget(why = '') {
  token = null
  sessionStorage.removeItem(KEPT)
  tell(why, why !== '')
  void keepLooking()
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const { organization, email, password, token: given } = Object.fromEntries(new FormData(form))
  try {
    const headers = organization ? { 'x-organization': organization } : {}
    const body = { email, password }
    token = given || (await ask('/auth/login', { method: 'POST', body, headers })).access_token
    sessionStorage.setItem(KEPT, token)
    form.reset()
    tell('Logged in.')
    await keepLooking()
  } catch (failure) {
    forget(failure.message)
  }
})

byId('jobs').addEventListener('click', async ({ target }) => {
  const name = target.closest('button')?.dataset.job
  if (!name) return
  try {
    await ask(`/jobs/${name}/run`, { method: 'POST' })
    tell(`${name} was asked for.`)
    await keepLooking()
  } catch (failure) {
    tell(failure.message, true)
  }
})

byId('log-out').addEventListener('click', () => forget('Logged out.'))
for (const id of ['job', 'state']) byId(id).addEventListener('change', keepLooking)
document.addEventListener('visibilitychange', keepLooking)
void keepLooking()
