/** Another program holds the folder. Nothing was touched. */
export class FolderInUse extends Error {
  constructor(folder: string, holder: string | undefined) {
    const by = holder ? ` (process ${holder})` : ''
    super(
      `The data folder ${folder} is in use by another Punctual${by}. Stop it first, or give DATA_DIR another folder.`,
    )
  }
}

/** The folder's files come from another version of the database. Nothing was touched. */
export class OtherVersion extends Error {
  constructor(folder: string, theirs: string, ours: string) {
    super(
      `The data folder ${folder} was written by ${theirs}; this program has ${ours} and cannot read it. ` +
        `Start the version of Punctual that wrote it, dump the data there, and load the dump here.`,
    )
  }
}

/** What was committed would not outlive a power cut, so the database does not start. */
export class NotDurable extends Error {
  constructor(reason: string) {
    super(
      `The embedded database would lose data in a power cut: ${reason}. It does not start like this; ` +
        `this is a fault of this version of Punctual. Use the version before, or set DATABASE_URL.`,
    )
  }
}

/** PostgreSQL cannot open the files, or cannot write. `code` is PostgreSQL's cannot_connect_now. */
export class DidNotStart extends Error {
  readonly code = '57P03'

  constructor(reason: string) {
    super(`The embedded database does not start: ${reason}`)
  }
}

/** The worker ended while this was being asked; whether it was done is unknown. `code` is PostgreSQL's crash_shutdown. */
export class DatabaseEnded extends Error {
  readonly code = '57P02'

  constructor(reason: string) {
    super(`The embedded database ended: ${reason}`)
  }
}

/** The query was ended, and undone, because it took too long. `code` is PostgreSQL's query_canceled. */
export class QueryTookTooLong extends Error {
  readonly code = '57014'

  constructor(seconds: number) {
    super(`A query took longer than ${seconds} s; the embedded database ended it and starts again.`)
  }
}
