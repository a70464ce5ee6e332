import { book } from '../server/appointments/booking.ts'
import { changeService } from '../server/services/services.ts'
import { publishPattern } from '../server/slots/pattern.ts'
import type { SlotWithSeats } from '../server/slots/published.ts'
import { dateOf, momentOf } from './dates.ts'
import type { Ward, Wards } from './dependents.ts'
import type { Somebody, Stage } from './stage.ts'

const MOST_PER_TEACHER = 6
const MOST_PER_PARENT = 4

interface Table {
  teacher: Somebody
  slots: SlotWithSeats[]
  taken: Set<number>
}

interface Turn {
  parent: Somebody
  student: Ward
}

/**
 * An evening on which all teachers sit in the hall: ten minutes for each child, five to walk to the next table, and a
 * break for the teacher after six talks in a row. Parents have been booking for some days, and still can.
 */
export async function holdEvening(stage: Stage, teachers: Somebody[], students: Wards): Promise<void> {
  const { trx, admin, now, founded } = stage
  const date = dateOf(stage, 2, 'Thu')
  const opened = now.subtract({ hours: 5 * 24 }).round('minute')
  const { id: service_id, rules } = stage.services.find(({ name }) => name === "Parents' evening")!
  const ofThisOne = {
    registration_opens_at: opened.toString(),
    registration_closes_at: momentOf(stage, date, '12:00').toString(),
    most_per_client: 6,
    break_after: { appointments: 6, minutes: 10 },
  }
  const description = 'Ten minutes with each teacher, in the hall.'
  await changeService(trx, admin, service_id, { description, rules: { ...rules, ...ofThisOne } }, founded)

  const tables: Table[] = []
  for (const teacher of teachers) {
    const pattern = { provider_id: teacher.id, service_id, from: date, to: date, weekdays: [4] }
    const times = { opens: '17:30', closes: '20:00', slot_minutes: 10 }
    const slots = await publishPattern(trx, teacher.actor, { ...pattern, ...times }, opened)
    tables.push({ teacher, slots, taken: new Set() })
  }
  await fillTables(stage, tables, students, opened)
}

/** The first table is taken without a gap, as that of a teacher whom all want to see; at the others it is quieter. */
async function fillTables(
  stage: Stage,
  tables: Table[],
  students: Wards,
  opened: Temporal.Instant,
): Promise<void> {
  const { random } = stage
  const [first, ...others] = tables
  const places = new Map<Somebody, number[]>()
  const turns = turnsOf(students)
  const seated = new Set<Somebody>()
  for (const turn of turns) {
    if (first!.taken.size === MOST_PER_TEACHER || seated.has(turn.parent)) continue
    seated.add(turn.parent)
    await sit(stage, first!, first!.taken.size, turn, places, opened)
  }
  for (const turn of turns) {
    for (const table of random.shuffled(others).slice(0, 2)) {
      const free = [...table.slots.keys()].filter((at) => hasRoom(table, at, turn, places))
      if (free.length > 0) await sit(stage, table, random.pick(free), turn, places, opened)
    }
  }
}

/** One for each student: of two parents, one comes. */
function turnsOf(students: Wards): Turn[] {
  const turns = new Map<string, Turn>()
  for (const [parent, wards] of students) {
    for (const student of wards) if (!turns.has(student.id)) turns.set(student.id, { parent, student })
  }
  return [...turns.values()]
}

/** Nobody sits at two tables at once, nor runs from one to the next. */
function hasRoom({ taken }: Table, at: number, { parent }: Turn, places: Map<Somebody, number[]>): boolean {
  const own = places.get(parent) ?? []
  const isFree = taken.size < MOST_PER_TEACHER && !taken.has(at) && own.length < MOST_PER_PARENT
  return isFree && own.every((other) => Math.abs(other - at) >= 2)
}

async function sit(
  { trx, random, now }: Stage,
  { slots, taken }: Table,
  at: number,
  { parent, student }: Turn,
  places: Map<Somebody, number[]>,
  opened: Temporal.Instant,
): Promise<void> {
  taken.add(at)
  places.set(parent, [...(places.get(parent) ?? []), at])
  const minutes = now.since(opened).total('minutes')
  const booked = opened.add({ minutes: random.integer(1, minutes) })
  const wanted = { slot_id: slots[at]!.id, client_id: parent.id, dependent_id: student.id }
  await book(trx, parent.actor, { ...wanted, details: { meeting_mode: 'face_to_face' } }, booked)
}
