import { type MessageSettings, readMessageSettings } from './message-settings.ts'

export const processRoles = ['all', 'api', 'worker', 'scheduler'] as const
/** What a process does: serve HTTP, do the work of the queue, look at the clock, or all of it. */
export type ProcessRole = (typeof processRoles)[number]

/** What the program is told by its environment: read once, checked at start; what is wrong names itself. */
export interface Settings {
  role: ProcessRole
  environment: 'local' | 'development' | 'staging' | 'production' | 'test'
  port: number
  host: string
  data_dir: string
  /** Without it the embedded database under `data_dir` is used. */
  database_url?: string
  redis_url?: string
  /** Absent only in `local`: there one is made and kept under `data_dir`. */
  secret_key?: string
  /** An instant at which the program's clock starts; never in production. */
  now?: string
  public_url?: string
  rate_limit_enabled: boolean
  /** Set: the life of every access token, whatever an organization's rules say. */
  access_token_minutes?: number
  /** Set: for how long every log-in can be refreshed, whatever an organization's rules say. */
  refresh_token_days?: number
  cors_origins: string[]
  /** Where the paths of a dialect begin, behind its name. */
  dialect_path: string
  /** What dialects call themselves; each has a name of its own. */
  dialect_title?: string
  log_level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  messages: MessageSettings
  /** Worth telling whoever starts the program. */
  warnings: string[]
}

export class SettingsInvalid extends Error {
  constructor(problems: string[]) {
    super(`The settings cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
  }
}

type Environment = Record<string, string | undefined>

/**
 * Settings from the environment. Names of the systems that Punctual replaces are understood; our own name wins.
 * Throws SettingsInvalid with a sentence for every setting that is wrong.
 */
export function readSettings(
  env: Environment,
  defaults: { data_dir?: string; host?: string } = {},
): Settings {
  const problems: string[] = []
  const warnings: string[] = []
  const read = reader(env, problems)

  const environment = read.word(
    'ENVIRONMENT',
    ['local', 'development', 'staging', 'production', 'test'],
    'local',
  )
  const settings: Settings = {
    role: read.word('ROLE', processRoles, 'all'),
    environment,
    port: read.integer('PORT', 0, 65535) ?? 3000,
    host: read.text('HOST') ?? defaults.host ?? (environment === 'local' ? '127.0.0.1' : '0.0.0.0'),
    data_dir: read.text('DATA_DIR') ?? defaults.data_dir ?? './data',
    database_url: databaseUrl(env, read, problems, warnings),
    redis_url: redisUrl(env, read, problems),
    secret_key: read.text('SECRET_KEY', 'JWT_SECRET_KEY'),
    now: read.instant('PUNCTUAL_NOW'),
    public_url: read.url('PUBLIC_URL', 'FRONTEND_HOST', 'BACKEND_URL'),
    rate_limit_enabled: read.boolean('RATE_LIMIT_ENABLED') ?? environment !== 'local',
    access_token_minutes: read.integer(
      'ACCESS_TOKEN_EXPIRE_MINUTES',
      1,
      525_600,
      'JWT_ACCESS_TOKEN_EXPIRE_MINUTES',
    ),
    refresh_token_days: read.integer('REFRESH_TOKEN_EXPIRE_DAYS', 1, 3650, 'JWT_REFRESH_TOKEN_EXPIRE_DAYS'),
    cors_origins: read.list('CORS_ORIGINS', 'ALLOWED_ORIGINS', 'BACKEND_CORS_ORIGINS'),
    dialect_path: read.path('API_V1_STR') ?? '/api/v1',
    dialect_title: read.text('PROJECT_NAME'),
    log_level: logLevel(read),
    messages: readMessageSettings(read, problems, warnings),
    warnings,
  }

  if (settings.role !== 'all' && !settings.database_url) {
    problems.push(
      `ROLE is "${settings.role}", and the embedded database belongs to one process, which does everything. ` +
        'Set DATABASE_URL=postgresql://… to share the work, or leave ROLE unset.',
    )
  }
  if (environment !== 'local' && (settings.secret_key?.length ?? 0) < 32) {
    problems.push(
      `SECRET_KEY must have at least 32 characters outside ENVIRONMENT=local (it has ${settings.secret_key?.length ?? 0}). ` +
        `Make one with: openssl rand -hex 32`,
    )
  }
  if (environment === 'production' && settings.now) {
    problems.push('PUNCTUAL_NOW moves the clock and is refused in production. Unset it.')
  }
  if (problems.length > 0) throw new SettingsInvalid(problems)
  return settings
}

export type Reader = ReturnType<typeof reader>

/** The words of other programs (WARNING, CRITICAL) are understood too. */
function logLevel(read: Reader) {
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
  const word = read.word('LOG_LEVEL', [...levels, 'warning', 'critical'], 'info')
  if (word === 'warning') return 'warn'
  return word === 'critical' ? 'fatal' : word
}

/** Readers of single settings; the first name that is set counts, an empty value is as good as none. */
function reader(env: Environment, problems: string[]) {
  const find = (names: string[]) =>
    names.map((name) => [name, env[name]?.trim()] as const).find(([, value]) => value)

  return {
    text: (...names: string[]) => find(names)?.[1],

    word<T extends string>(name: string, words: readonly T[], otherwise: T): T {
      const value = find([name])?.[1]?.toLowerCase()
      if (!value) return otherwise
      if (words.includes(value as T)) return value as T
      problems.push(`${name} is "${value}"; it must be one of ${words.join(', ')}.`)
      return otherwise
    },

    integer(first: string, least: number, most: number, ...others: string[]): number | undefined {
      const [name, value] = find([first, ...others]) ?? []
      if (!value) return undefined
      const number = Number(value)
      if (Number.isInteger(number) && number >= least && number <= most) return number
      problems.push(`${name} is "${value}"; it must be a whole number from ${least} to ${most}.`)
      return undefined
    },

    boolean(name: string): boolean | undefined {
      const value = find([name])?.[1]?.toLowerCase()
      if (!value) return undefined
      if (['true', '1', 'yes', 'on'].includes(value)) return true
      if (['false', '0', 'no', 'off'].includes(value)) return false
      problems.push(`${name} is "${value}"; it must be true or false.`)
      return undefined
    },

    instant(name: string): string | undefined {
      const value = find([name])?.[1]
      if (!value) return undefined
      try {
        return Temporal.Instant.from(value).toString()
      } catch {
        problems.push(`${name} is "${value}"; it must be an instant such as 2027-03-01T09:00:00Z.`)
        return undefined
      }
    },

    url(...names: string[]): string | undefined {
      const [name, value] = find(names) ?? []
      if (!value) return undefined
      if (/^https?:\/\//.test(value) && URL.canParse(value)) return value.replace(/\/+$/, '')
      problems.push(`${name} is "${value}"; it must be an address such as https://book.example.org.`)
      return undefined
    },

    path(name: string): string | undefined {
      const value = find([name])?.[1]
      if (!value) return undefined
      if (/^(\/[\w-]+)+\/?$/.test(value)) return value.replace(/\/$/, '')
      problems.push(`${name} is "${value}"; it must be a path such as /api/v1.`)
      return undefined
    },

    /** A JSON list, or words with commas between them. */
    list(...names: string[]): string[] {
      const [name, value] = find(names) ?? []
      if (!value) return []
      if (!value.startsWith('[')) return value.split(',').map((entry) => entry.trim())
      try {
        const list: unknown = JSON.parse(value)
        if (Array.isArray(list) && list.every((entry) => typeof entry === 'string')) return list
      } catch {
        // Told below, in the same sentence as a list of the wrong things.
      }
      problems.push(
        `${name} is "${value}"; it must be a JSON list of addresses, such as ["https://book.example.org"].`,
      )
      return []
    },
  }
}

function databaseUrl(
  env: Environment,
  read: Reader,
  problems: string[],
  warnings: string[],
): string | undefined {
  const url = env.DATABASE_URL?.trim()
  if (url) {
    if (/^postgres(ql)?(\+\w+)?:\/\//.test(url)) return url.replace(/^postgres(ql)?(\+\w+)?:/, 'postgresql:')
    if (/^(sqlite|mongodb)(\+\w+)?:/.test(url)) {
      warnings.push(embeddedInstead('DATABASE_URL'))
      return undefined
    }
    problems.push('DATABASE_URL must begin with postgresql://. Without it, an embedded database is used.')
    return undefined
  }
  if (env.POSTGRES_SERVER?.trim()) {
    const user = encodeURIComponent(env.POSTGRES_USER?.trim() || 'postgres')
    const password = env.POSTGRES_PASSWORD ? `:${encodeURIComponent(env.POSTGRES_PASSWORD)}` : ''
    const port = read.integer('POSTGRES_PORT', 1, 65535) ?? 5432
    const database = encodeURIComponent(env.POSTGRES_DB?.trim() || '') || user
    return `postgresql://${user}${password}@${env.POSTGRES_SERVER.trim()}:${port}/${database}`
  }
  if (env.MONGODB_URL?.trim()) warnings.push(embeddedInstead('MONGODB_URL'))
  return undefined
}

function embeddedInstead(name: string): string {
  return `${name} names a database that Punctual does not use; the embedded database is started instead. Set DATABASE_URL=postgresql://… to use a server.`
}

function redisUrl(env: Environment, read: Reader, problems: string[]): string | undefined {
  const url = env.REDIS_URL?.trim()
  if (url) {
    if (/^rediss?:\/\//.test(url) && URL.canParse(url)) return url
    problems.push('REDIS_URL must begin with redis:// or rediss://.')
    return undefined
  }
  const host = env.REDIS_HOST?.trim()
  if (!host) return undefined
  const password = env.REDIS_PASSWORD ? `:${encodeURIComponent(env.REDIS_PASSWORD)}@` : ''
  return `redis://${password}${host}:${read.integer('REDIS_PORT', 1, 65535) ?? 6379}`
}
