import { MINUTE } from './dates.ts'
import type { Interval } from './intervals.ts'

const FIRST = -62_135_596_800_000 // 0001-01-01: from here to there dates have four digits and Temporal has zones
const LAST = 253_402_300_799_999 // 9999-12-31
const YEAR_MINUTES = 366 * 24 * 60

export function checkRange(from: number, to: number): void {
  checkInstant('from', from)
  checkInstant('to', to)
  if (to < from)
    throw new RangeError(`to: ${to} lies before from (${from}); a range ends where it starts or later`)
}

export function checkInstant(field: string, value: number): void {
  if (!Number.isInteger(value) || value < FIRST || value > LAST) {
    throw new RangeError(
      `${field}: ${value} is not a time; give whole epoch milliseconds in the years 1 to 9999`,
    )
  }
}

/** Stretches of any length, none included; `bounded` ones have both ends in time, others may go on for ever. */
export function checkIntervals(field: string, intervals: readonly Interval[], ends: 'bounded' | 'any'): void {
  for (const [i, { start, end }] of intervals.entries()) {
    if (ends === 'bounded') {
      checkInstant(`${field}[${i}].start`, start)
      checkInstant(`${field}[${i}].end`, end)
    }
    if (!(start <= end)) {
      throw new RangeError(
        `${field}[${i}]: from ${start} to ${end} is no stretch of time; it ends at its start or later`,
      )
    }
  }
}

/** A length from one minute to a year, in milliseconds. */
export function checkedLength(field: string, minutes: number): number {
  if (!(minutes >= 1 && minutes <= YEAR_MINUTES)) {
    throw new RangeError(`${field}: ${minutes} is no length; give minutes from 1 to ${YEAR_MINUTES} (a year)`)
  }
  return Math.round(minutes * MINUTE)
}

/** A distance that may be nothing, in milliseconds. */
export function checkedDistance(field: string, minutes: number): number {
  if (!(minutes >= 0 && minutes < Infinity)) {
    throw new RangeError(`${field}: ${minutes} is no distance; give minutes, 0 or more`)
  }
  return Math.round(minutes * MINUTE)
}

/** How many of something there are; none is not a number of it. */
export function checkCount(field: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`${field}: ${value} does not count anything; give a whole number, 1 or more`)
}
