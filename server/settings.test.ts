import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readSettings, SettingsInvalid } from './settings.ts'

const SECRET = 's'.repeat(32)

/** The sentences by which settings are refused. */
function refusals(env: Record<string, string>): string[] {
  try {
    readSettings(env)
    return []
  } catch (error) {
    assert.ok(error instanceof SettingsInvalid)
    return error.message.split('\n').slice(1)
  }
}

function refusesOnly(name: string, env: Record<string, string>, says: RegExp): void {
  const sentences = refusals(env)
  assert.equal(sentences.length, 1, sentences.join('\n'))
  assert.match(sentences[0]!, new RegExp(`^  - ${name} `))
  assert.match(sentences[0]!, says)
}

describe('settings', () => {
  it('need none: a program alone on a machine, that only this machine can reach', () => {
    // What messages need has tests of its own: message-settings.test.ts.
    const { messages, ...settings } = readSettings({})
    assert.deepEqual([messages.email.service, messages.sms.service], ['log', 'log'])
    assert.deepEqual(settings, {
      role: 'all',
      environment: 'local',
      port: 3000,
      host: '127.0.0.1',
      data_dir: './data',
      database_url: undefined,
      redis_url: undefined,
      secret_key: undefined,
      now: undefined,
      public_url: undefined,
      rate_limit_enabled: false,
      access_token_minutes: undefined,
      refresh_token_days: undefined,
      cors_origins: [],
      dialect_path: '/api/v1',
      dialect_title: undefined,
      log_level: 'info',
      warnings: [],
    })
  })

  it('share the work among processes on PostgreSQL, and on no database that belongs to one of them', () => {
    const DATABASE_URL = 'postgresql://localhost/punctual'
    for (const ROLE of ['api', 'worker', 'scheduler']) {
      assert.equal(readSettings({ ROLE, DATABASE_URL }).role, ROLE)
      refusesOnly('ROLE', { ROLE }, /belongs to one process/)
    }
    refusesOnly('ROLE', { ROLE: 'boss', DATABASE_URL }, /must be one of all, api, worker, scheduler/)
  })

  it('can all be set', () => {
    const { messages: _, ...settings } = readSettings({
      ROLE: 'api',
      ENVIRONMENT: 'staging',
      PORT: '8080',
      HOST: '::',
      DATA_DIR: '/var/lib/punctual',
      DATABASE_URL: 'postgresql://me:secret@db:5433/punctual?sslmode=require',
      REDIS_URL: 'rediss://cache:6380/1',
      SECRET_KEY: SECRET,
      PUNCTUAL_NOW: '2027-03-01T10:00:00+01:00',
      PUBLIC_URL: 'https://book.example.org/',
      RATE_LIMIT_ENABLED: 'false',
      ACCESS_TOKEN_EXPIRE_MINUTES: '45',
      REFRESH_TOKEN_EXPIRE_DAYS: '14',
      CORS_ORIGINS: '["https://a.example", "https://b.example"]',
      API_V1_STR: '/api/v2/',
      PROJECT_NAME: 'Corner Studio',
      LOG_LEVEL: 'WARN',
    })
    assert.deepEqual(settings, {
      role: 'api',
      environment: 'staging',
      port: 8080,
      host: '::',
      data_dir: '/var/lib/punctual',
      database_url: 'postgresql://me:secret@db:5433/punctual?sslmode=require',
      redis_url: 'rediss://cache:6380/1',
      secret_key: SECRET,
      now: '2027-03-01T09:00:00Z',
      public_url: 'https://book.example.org',
      rate_limit_enabled: false,
      access_token_minutes: 45,
      refresh_token_days: 14,
      cors_origins: ['https://a.example', 'https://b.example'],
      dialect_path: '/api/v2',
      dialect_title: 'Corner Studio',
      log_level: 'warn',
      warnings: [],
    })
  })

  it('that are empty or blank are as good as none', () => {
    const names = [
      'PORT',
      'HOST',
      'DATABASE_URL',
      'REDIS_URL',
      'SECRET_KEY',
      'PUNCTUAL_NOW',
      'PUBLIC_URL',
      'LOG_LEVEL',
    ]
    const blank = Object.fromEntries(names.map((name, at) => [name, at % 2 ? '' : '  ']))
    assert.deepEqual(readSettings(blank), readSettings({}))
  })

  it('open the program to the network and limit it, outside of local', () => {
    const { host, rate_limit_enabled } = readSettings({ ENVIRONMENT: 'production', SECRET_KEY: SECRET })
    assert.deepEqual([host, rate_limit_enabled], ['0.0.0.0', true])
  })

  it('take the place of the defaults of a command', () => {
    const defaults = { data_dir: './data/demo', host: '127.0.0.1' }
    assert.equal(readSettings({}, defaults).data_dir, './data/demo')
    assert.equal(readSettings({ DATA_DIR: './mine' }, defaults).data_dir, './mine')
    const production = { ENVIRONMENT: 'production', SECRET_KEY: SECRET }
    assert.equal(readSettings(production, defaults).host, '127.0.0.1')
  })
})

describe('a setting that is wrong', () => {
  it('names itself, and says what would be right', () => {
    refusesOnly('PORT', { PORT: '80000' }, /whole number from 0 to 65535/)
    refusesOnly('PORT', { PORT: 'http' }, /"http"/)
    refusesOnly('PORT', { PORT: '80.5' }, /whole number/)
    refusesOnly('ENVIRONMENT', { ENVIRONMENT: 'prod' }, /local, development, staging, production, test/)
    refusesOnly('DATABASE_URL', { DATABASE_URL: 'mysql://db' }, /postgresql:\/\//)
    refusesOnly('DATABASE_URL', { DATABASE_URL: 'db' }, /embedded/)
    refusesOnly('REDIS_URL', { REDIS_URL: 'localhost:6379' }, /redis:\/\//)
    refusesOnly('PUNCTUAL_NOW', { PUNCTUAL_NOW: 'tomorrow' }, /2027-03-01T09:00:00Z/)
    refusesOnly('PUNCTUAL_NOW', { PUNCTUAL_NOW: '2027-03-01T09:00:00' }, /instant/)
    refusesOnly('PUBLIC_URL', { PUBLIC_URL: 'book.example.org' }, /https:\/\//)
    refusesOnly('RATE_LIMIT_ENABLED', { RATE_LIMIT_ENABLED: 'perhaps' }, /true or false/)
    refusesOnly('ACCESS_TOKEN_EXPIRE_MINUTES', { ACCESS_TOKEN_EXPIRE_MINUTES: '0' }, /from 1/)
    refusesOnly('CORS_ORIGINS', { CORS_ORIGINS: '["a"' }, /JSON list/)
    refusesOnly('CORS_ORIGINS', { CORS_ORIGINS: '[7]' }, /JSON list/)
    refusesOnly('LOG_LEVEL', { LOG_LEVEL: 'loud' }, /trace, debug, info/)
  })

  it('is told together with all the others', () => {
    const names = refusals({ PORT: 'x', PUBLIC_URL: 'x', REDIS_URL: 'x' }).map((line) => line.split(' ')[3])
    assert.deepEqual(names.toSorted(), ['PORT', 'PUBLIC_URL', 'REDIS_URL'])
  })

  it('of a secret is one that is short or absent outside of local', () => {
    assert.deepEqual(refusals({ SECRET_KEY: 'short' }), [])
    for (const ENVIRONMENT of ['development', 'staging', 'production', 'test']) {
      refusesOnly('SECRET_KEY', { ENVIRONMENT }, /it has 0/)
      refusesOnly(
        'SECRET_KEY',
        { ENVIRONMENT, SECRET_KEY: 's'.repeat(31) },
        /at least 32 characters.*it has 31/,
      )
      assert.deepEqual(refusals({ ENVIRONMENT, SECRET_KEY: SECRET }), [])
    }
  })

  it('of a clock is any in production', () => {
    const PUNCTUAL_NOW = '2027-03-01T09:00:00Z'
    refusesOnly('PUNCTUAL_NOW', { ENVIRONMENT: 'production', SECRET_KEY: SECRET, PUNCTUAL_NOW }, /production/)
  })

  it('never repeats a secret', () => {
    const SECRET_KEY = 'not-so-long-a-secret'
    assert.doesNotMatch(refusals({ ENVIRONMENT: 'production', SECRET_KEY }).join(), /not-so-long/)
    const url = refusals({
      DATABASE_URL: 'mysql://me:secret@db/x',
      REDIS_URL: 'http://me:secret@cache',
    }).join()
    assert.doesNotMatch(url, /secret/)
  })
})

describe("settings by the originals' names", () => {
  it('are understood', () => {
    const settings = readSettings({
      JWT_SECRET_KEY: SECRET,
      FRONTEND_HOST: 'http://localhost:5173',
      BACKEND_CORS_ORIGINS: 'http://localhost, http://localhost:5173',
      RATE_LIMIT_ENABLED: 'True',
      API_V1_STR: '/api/v1',
      PROJECT_NAME: 'Appointments',
    })
    assert.equal(settings.secret_key, SECRET)
    assert.equal(settings.public_url, 'http://localhost:5173')
    const BACKEND_URL = 'https://clinic.example'
    assert.equal(readSettings({ BACKEND_URL }).public_url, BACKEND_URL)
    assert.deepEqual(settings.cors_origins, ['http://localhost', 'http://localhost:5173'])
    assert.equal(settings.rate_limit_enabled, true)
    assert.deepEqual(readSettings({ ALLOWED_ORIGINS: '["*"]' }).cors_origins, ['*'])
    const off = { ENVIRONMENT: 'test', SECRET_KEY: SECRET, RATE_LIMIT_ENABLED: 'False' }
    assert.equal(readSettings(off).rate_limit_enabled, false)
  })

  it('give way to our own', () => {
    const settings = readSettings({
      SECRET_KEY: SECRET,
      JWT_SECRET_KEY: 'theirs',
      PUBLIC_URL: 'https://ours.example',
      FRONTEND_HOST: 'https://theirs.example',
      CORS_ORIGINS: 'https://ours.example',
      BACKEND_CORS_ORIGINS: 'https://theirs.example',
      DATABASE_URL: 'postgresql://ours/db',
      POSTGRES_SERVER: 'theirs',
      MONGODB_URL: 'mongodb://theirs',
      REDIS_URL: 'redis://ours',
      REDIS_HOST: 'theirs',
    })
    assert.doesNotMatch(JSON.stringify(settings), /theirs/)
    assert.deepEqual(settings.warnings, [])
    assert.equal(readSettings({ SECRET_KEY: ' ', JWT_SECRET_KEY: 'theirs' }).secret_key, 'theirs')
  })

  it('make an address of a PostgreSQL out of its parts', () => {
    const parts = {
      POSTGRES_SERVER: 'db',
      POSTGRES_USER: 'app user',
      POSTGRES_PASSWORD: 'p@ss/word:#?',
      POSTGRES_DB: 'my appointments',
      POSTGRES_PORT: '5433',
    }
    const url = new URL(readSettings(parts).database_url!)
    assert.deepEqual([url.protocol, url.host, url.pathname], ['postgresql:', 'db:5433', '/my%20appointments'])
    assert.equal(decodeURIComponent(url.username), parts.POSTGRES_USER)
    assert.equal(decodeURIComponent(url.password), parts.POSTGRES_PASSWORD)
    const least = readSettings({ POSTGRES_SERVER: 'db' }).database_url
    assert.equal(least, 'postgresql://postgres@db:5432/postgres')
  })

  it('make an address of a Redis out of its parts', () => {
    const parts = { REDIS_HOST: 'cache', REDIS_PORT: '6380', REDIS_PASSWORD: 'p@ss' }
    assert.equal(readSettings(parts).redis_url, 'redis://:p%40ss@cache:6380')
    assert.equal(readSettings({ REDIS_HOST: 'cache' }).redis_url, 'redis://cache:6379')
  })

  it('take the drivers of Python out of an address', () => {
    for (const scheme of ['postgres', 'postgresql+asyncpg', 'postgresql+psycopg2', 'postgresql']) {
      assert.equal(readSettings({ DATABASE_URL: `${scheme}://me@db/x` }).database_url, 'postgresql://me@db/x')
    }
  })

  it('of a database that we do not use start the embedded one, and say what to set', () => {
    for (const [name, url] of [
      ['DATABASE_URL', 'sqlite:///./app.db'],
      ['DATABASE_URL', 'sqlite+aiosqlite:///./app.db'],
      ['DATABASE_URL', 'mongodb+srv://me:secret@cluster'],
      ['MONGODB_URL', 'mongodb://me:secret@localhost:27017'],
    ]) {
      const { database_url, warnings } = readSettings({ [name!]: url })
      assert.equal(database_url, undefined)
      assert.equal(warnings.length, 1)
      assert.match(warnings[0]!, new RegExp(`^${name} .*DATABASE_URL=postgresql://`))
      assert.doesNotMatch(warnings[0]!, /secret/)
    }
  })

  it('say how long a token is good', () => {
    assert.equal(readSettings({ JWT_ACCESS_TOKEN_EXPIRE_MINUTES: '45' }).access_token_minutes, 45)
    assert.equal(readSettings({ JWT_REFRESH_TOKEN_EXPIRE_DAYS: '7' }).refresh_token_days, 7)
  })

  it('name themselves when they are wrong', () => {
    refusesOnly('FRONTEND_HOST', { FRONTEND_HOST: 'localhost' }, /"localhost"/)
    refusesOnly('BACKEND_CORS_ORIGINS', { BACKEND_CORS_ORIGINS: '[' }, /JSON list/)
    refusesOnly('POSTGRES_PORT', { POSTGRES_SERVER: 'db', POSTGRES_PORT: 'x' }, /whole number/)
    refusesOnly('REDIS_PORT', { REDIS_HOST: 'cache', REDIS_PORT: '99999' }, /whole number/)
  })
})
