import { newRun } from '../preparations.ts'
import type { Flow, Step } from '../steps.ts'

const password = '{{password}}'

export const registrations: Flow = {
  name: 'Registrations',
  description: 'An administrator, where there is none yet; two of the staff; two clients.',
  steps: [
    {
      name: 'Register the first administrator',
      asks: 'POST /auth/register',
      before: newRun,
      json: {
        email: '{{admin_email}}',
        full_name: 'Ada Admin',
        password: '{{admin_password}}',
        role: 'admin',
      },
      // Later there is one already: then the log-in with the same credentials must do.
      answers: [201, 403, 409],
      shows: {
        'an administrator, unless there is one already': `
          if (pm.response.code === 201) pm.expect(answer.role).to.equal('admin')
          else pm.expect(answer.detail).to.be.a('string')`,
      },
    },
    register('staff', 'Sam Staff', 'staff'),
    register('other_staff', 'Olga Other', 'staff'),
    register('client', 'Cleo Client', 'client'),
    register('other_client', 'Nora Noshow'),
    {
      name: 'An address that is taken',
      asks: 'POST /auth/register',
      json: { email: addressOf('client'), full_name: 'Cleo Again', password },
      answers: 409,
    },
  ],
}

export const logIns: Flow = {
  name: 'Log-ins',
  description: 'With a form; the token is good for everything that follows.',
  steps: [
    logIn('admin', '{{admin_email}}', '{{admin_password}}'),
    logIn('staff'),
    logIn('other_staff'),
    logIn('client'),
    logIn('other_client'),
    {
      name: 'A wrong password',
      asks: 'POST /auth/login',
      form: { username: addressOf('client'), password: 'not-the-password' },
      answers: 401,
    },
    whoAmI('client', 'client'),
    whoAmI('staff', 'staff'),
  ],
}

export const users: Flow = {
  name: 'Users, and one who is blocked',
  description: 'Who missed three appointments cannot book until an administrator allows it again.',
  steps: [
    {
      name: 'Blocked after three no-shows: no further booking',
      asks: 'POST /appointments',
      as: 'other_client',
      json: { staff_id: '{{staff_id}}', start_time: '{{start_1}}', end_time: '{{end_1}}' },
      answers: 403,
    },
    {
      name: 'Blocked, and still sees what was booked',
      asks: 'GET /appointments',
      as: 'other_client',
      query: { status: 'no_show' },
      answers: 200,
      shows: { 'three appointments missed': `pm.expect(answer).to.have.lengthOf(3)` },
    },
    {
      name: 'All clients, for an administrator',
      asks: 'GET /auth/users',
      as: 'admin',
      query: { role: 'client', limit: 1000 },
      answers: 200,
      shows: {
        'clients and nobody else': `
          pm.expect(answer).not.to.be.empty
          for (const user of answer) pm.expect(user.role).to.equal('client')`,
        'who is blocked': `
          const found = answer.find(({ id }) => id === kept('other_client_id'))
          pm.expect(found).to.include({ is_blocked: true, no_show_count: 3 })`,
        'no password of anybody': `pm.expect(pm.response.text()).not.to.include('password')`,
      },
    },
    { name: 'All users, for a client', asks: 'GET /auth/users', as: 'client', answers: 403 },
    {
      name: 'Unblock, for a client',
      asks: 'POST /auth/users/{id}/unblock',
      id: 'other_client',
      as: 'other_client',
      answers: 403,
    },
    {
      name: 'Unblock',
      asks: 'POST /auth/users/{id}/unblock',
      id: 'other_client',
      as: 'admin',
      answers: 200,
      shows: {
        'a client who begins anew': `pm.expect(answer).to.include({ is_blocked: false, no_show_count: 0 })`,
      },
    },
    {
      name: 'Unblocked: books again',
      asks: 'POST /appointments',
      as: 'other_client',
      json: { staff_id: '{{staff_id}}', start_time: '{{start_1}}', end_time: '{{end_1}}' },
      answers: 201,
      shows: { 'an appointment that is scheduled': `pm.expect(answer.status).to.equal('scheduled')` },
    },
  ],
}

/** Whoever does not say a role becomes a client. */
function register(person: string, full_name: string, role?: 'staff' | 'client'): Step {
  return {
    name: `Register ${full_name}, ${role ?? 'client unless said'}`,
    asks: 'POST /auth/register',
    json: { email: addressOf(person), full_name, password, role },
    answers: 201,
    shows: {
      'the account': `
        pm.expect(answer).to.include({ full_name: '${full_name}', role: '${role ?? 'client'}', is_active: true })
        pm.expect(answer).to.include({ no_show_count: 0, is_blocked: false })`,
      'no password': `pm.expect(pm.response.text()).not.to.include('password')`,
    },
    keeps: { [`${person}_id`]: 'answer.id' },
  }
}

function logIn(person: string, username = addressOf(person), secret = password): Step {
  return {
    name: `Log in as ${inWords(person)}`,
    asks: 'POST /auth/login',
    form: { username, password: secret },
    answers: 200,
    shows: {
      'a bearer token': `
        pm.expect(answer.token_type).to.equal('bearer')
        pm.expect(answer.access_token).to.be.a('string').and.not.empty`,
    },
    keeps: { [`${person}_token`]: 'answer.access_token' },
  }
}

function whoAmI(person: string, role: string): Step {
  return {
    name: `Who is logged in: ${inWords(person)}`,
    asks: 'GET /auth/me',
    as: person,
    answers: 200,
    shows: {
      'whoever asks': `pm.expect(answer).to.include({ id: kept('${person}_id'), role: '${role}' })`,
    },
  }
}

function inWords(person: string): string {
  return person.replace('_', ' ')
}

function addressOf(person: string): string {
  return `${person.replace('_', '-')}-{{run}}@example.com`
}
