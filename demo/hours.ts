import type { Window } from '../server/hours/hours.ts'

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** Reads a week as people write it, a line for each part of it: `Mon-Thu 09:00-12:30 13:15-17:00`. */
export function week(...lines: string[]): (Window & { weekday: number })[] {
  return lines.flatMap((line) => {
    const [on = '', ...windows] = line.split(' ')
    return weekdaysOf(on).flatMap((weekday) => windows.map((window) => ({ weekday, ...windowOf(window) })))
  })
}

/** Reads `09:00-12:30`. */
export function windowOf(text: string): Window {
  const [opens = '', closes = ''] = text.split('-')
  return { opens, closes }
}

/** Monday = 1. `Mon-Thu`, `Fri` and `Tue,Thu` are understood. */
function weekdaysOf(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-')
    const from = days.indexOf(first)
    return days.slice(from, days.indexOf(last) + 1).map((_, index) => from + index + 1)
  })
}
