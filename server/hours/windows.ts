import { InvalidInput } from '../refusal.ts'

/** A weekday given takes the place of a date, and the other way round. */
export function dayOf({ weekday, date }: { weekday?: number; date?: string }) {
  if (weekday !== undefined && date === undefined) return { date: null }
  return date !== undefined && weekday === undefined ? { weekday: null } : {}
}

/** Requires a day and the times on it; a date may do without, which closes it. */
export function requireWindow(window: {
  weekday: number | null
  date: string | null
  opens: string | null
  closes: string | null
}) {
  const { weekday, date, opens, closes } = window
  if ((weekday === null) === (date === null)) {
    throw new InvalidInput([{ field: 'weekday', message: 'or date is needed, and not both' }])
  }
  if ((opens === null) !== (closes === null)) {
    throw new InvalidInput([{ field: opens === null ? 'opens' : 'closes', message: 'is missing' }])
  }
  if (opens === null && date === null) {
    throw new InvalidInput([{ field: 'opens', message: 'is missing; only a date can be closed' }])
  }
  if (opens === '24:00') throw new InvalidInput([{ field: 'opens', message: 'must be from 00:00 to 23:59' }])
  if (opens !== null && opens === closes) {
    throw new InvalidInput([{ field: 'closes', message: 'must not be the same as opens' }])
  }
}
