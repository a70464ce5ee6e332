import type { Static } from 'typebox'
import type { HoursRow } from '../../server/hours/timetable.ts'
import { InvalidInput } from '../../server/refusal.ts'
import { timeOfDay, viewTimeOfDay } from '../local-times.ts'
import type { AvailabilityBody } from './veterinarian-shapes.ts'
import { weekdays } from './words.ts'

/** A week as this system has it, as windows: a break parts a day in two. */
export function windowsOf(availability: Static<typeof AvailabilityBody>[]) {
  return availability.flatMap((day, at) => {
    const weekday = weekdays.findIndex((name) => name === day.day_of_week.toLowerCase()) + 1
    const [opens, closes] = [timeOfDay(day.start_time), timeOfDay(day.end_time)]
    requireAfter(`availability.${at}.end_time`, opens, closes)
    if (!day.break_start || !day.break_end) return [{ weekday, opens, closes }]
    const [from, to] = [timeOfDay(day.break_start), timeOfDay(day.break_end)]
    requireAfter(`availability.${at}.break_end`, from, to)
    return [
      { weekday, opens, closes: from },
      { weekday, opens: to, closes },
    ].filter((window) => window.opens < window.closes)
  })
}

/** The week of a vet again: of a day with two windows, what lies between them is the break. */
export function viewWeek(rows: HoursRow[]) {
  const weekly = rows.filter(({ weekday, opens }) => weekday !== null && opens !== null)
  const byDay = Map.groupBy(weekly, ({ weekday }) => weekday!)
  return [...byDay]
    .toSorted(([one], [other]) => one - other)
    .flatMap(([weekday, ofDay]) => {
      const windows = ofDay.toSorted((one, other) => one.opens!.localeCompare(other.opens!))
      const [first, second, ...others] = windows
      const parted = second ? [[first!, second]] : [[first!]]
      return [...parted, ...others.map((one) => [one])].map((pair) => viewDay(weekday, pair))
    })
}

function viewDay(weekday: number, [first, second]: HoursRow[]) {
  const [opens, closes] = [first!.opens!, first!.closes!]
  return {
    day_of_week: weekdays[weekday - 1]!,
    start_time: viewTimeOfDay(opens),
    end_time: viewTimeOfDay(second?.closes ?? closes),
    break_start: second ? viewTimeOfDay(closes) : null,
    break_end: second ? viewTimeOfDay(second.opens!) : null,
  }
}

function requireAfter(field: string, opens: string, closes: string): void {
  if (opens >= closes) throw new InvalidInput([{ field, message: 'must be after its start' }])
}
