import { DidNotStart, FolderInUse, NotDurable, OtherVersion } from '../server/database/embedded/failures.ts'
import { DatabaseIsNewer, MigrationChanged } from '../server/database/migrate.ts'
import { Refusal } from '../server/refusal.ts'
import { SettingsInvalid } from '../server/settings.ts'

const written = [
  SettingsInvalid,
  FolderInUse,
  OtherVersion,
  NotDurable,
  DidNotStart,
  MigrationChanged,
  DatabaseIsNewer,
]

/** What to say to whoever started a command that failed; undefined for what nobody foresaw, which is shown whole. */
export function sentenceFor(error: unknown): string | undefined {
  if (error instanceof Refusal || written.some((kind) => error instanceof kind))
    return (error as Error).message
  const { code, port, message, errors } = error as {
    code?: string
    port?: number
    message?: string
    errors?: Error[]
  }
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program. Stop it, or give PORT another number.`
    case 'EACCES':
      return `${message}. Use a place that this user may use: see PORT and DATA_DIR.`
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case '28P01':
    case '3D000':
      return `The database at DATABASE_URL cannot be reached: ${message || errors?.[0]?.message}.`
    default:
      return code?.startsWith('ERR_PARSE_ARGS') ? message : undefined
  }
}
