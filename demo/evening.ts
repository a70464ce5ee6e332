import { complete } from '../server/appointments/attendance.ts'
import { book } from '../server/appointments/booking.ts'
import { changeService, type Service } from '../server/services/services.ts'
import { publishPattern } from '../server/slots/pattern.ts'
import type { SlotWithSeats } from '../server/slots/published.ts'
import { momentOf } from './dates.ts'
import type { Ward, Wards } from './dependents.ts'
import type { Somebody, Stage } from './stage.ts'

const MOST_PER_PARENT = 4
/** After six talks in a row a teacher has a break: nobody sits down at these turns, so that it is kept. */
const BREAKS = new Set([6, 13])

interface Table {
  teacher: Somebody
  slots: SlotWithSeats[]
  taken: Set<number>
}

interface Turn {
  parent: Somebody
  student: Ward
}

export interface Evening {
  date: string
  /** From when on parents book. */
  opened: Temporal.Instant
}

/**
 * An evening on which all teachers sit in the hall: ten minutes for each child, five to walk to the next table, and a
 * break for the teacher after six talks in a row. Half of the times are taken; of one that has been, all were kept.
 */
export async function holdEvening(
  stage: Stage,
  teachers: Somebody[],
  students: Wards,
  evening: Evening,
): Promise<void> {
  const { trx, now } = stage
  const service = await openRegistration(stage, evening)
  const tables: Table[] = []
  for (const teacher of teachers) {
    const { date, opened } = evening
    const weekdays = [Temporal.PlainDate.from(date).dayOfWeek]
    const pattern = { provider_id: teacher.id, service_id: service.id, from: date, to: date, weekdays }
    const times = { opens: '17:30', closes: '20:00', slot_minutes: 10 }
    const slots = await publishPattern(trx, teacher.actor, { ...pattern, ...times }, opened)
    tables.push({ teacher, slots, taken: new Set() })
  }
  const until = [registrationEnds(stage, evening), now].toSorted(Temporal.Instant.compare)[0]!
  for (const { id, end, teacher } of await fillTables(stage, tables, students, evening, until)) {
    if (Temporal.Instant.compare(end, now) < 0) await complete(trx, teacher.actor, id, {}, end)
  }
}

/** Booking is possible until noon of the day itself. */
function registrationEnds(stage: Stage, { date }: Evening): Temporal.Instant {
  return momentOf(stage, date, '12:00')
}

async function openRegistration(stage: Stage, evening: Evening): Promise<Service> {
  const { trx, admin } = stage
  const { id, rules } = stage.services.find(({ name }) => name === "Parents' evening")!
  const ofThisOne = {
    registration_opens_at: evening.opened.toString(),
    registration_closes_at: registrationEnds(stage, evening).toString(),
    most_per_client: 6,
    break_after: { appointments: 6, minutes: 10 },
  }
  const description = 'Ten minutes with each teacher, in the hall.'
  return changeService(trx, admin, id, { description, rules: { ...rules, ...ofThisOne } }, evening.opened)
}

/** The first table is taken without a gap, as that of a teacher whom all want to see; at the others it is quieter. */
async function fillTables(
  stage: Stage,
  tables: Table[],
  students: Wards,
  { opened }: Evening,
  until: Temporal.Instant,
) {
  const { random } = stage
  const places = new Map<Somebody, number[]>()
  const booked = []
  for (const [number, table] of tables.entries()) {
    const wanted = Math.floor((table.slots.length + (number % 2)) / 2)
    const seats = [...table.slots.keys()].filter((at) => !BREAKS.has(at))
    const order = number === 0 ? seats : random.shuffled(seats)
    const turns = random.shuffled(turnsOf(students))
    for (const at of order) {
      if (table.taken.size === wanted) break
      const next = turns.findIndex(({ parent }) => hasRoom(places.get(parent) ?? [], at))
      if (next < 0) continue
      const [turn] = turns.splice(next, 1)
      booked.push(await sit(stage, table, at, turn!, places, { opened, until }))
    }
  }
  return booked
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
function hasRoom(own: number[], at: number): boolean {
  return own.length < MOST_PER_PARENT && own.every((other) => Math.abs(other - at) >= 2)
}

async function sit(
  { trx, random }: Stage,
  { teacher, slots, taken }: Table,
  at: number,
  { parent, student }: Turn,
  places: Map<Somebody, number[]>,
  { opened, until }: { opened: Temporal.Instant; until: Temporal.Instant },
) {
  taken.add(at)
  places.set(parent, [...(places.get(parent) ?? []), at])
  const minutes = until.since(opened).total('minutes')
  const now = opened.add({ minutes: random.integer(1, Math.floor(minutes)) })
  const wanted = { slot_id: slots[at]!.id, client_id: parent.id, dependent_id: student.id }
  const details = { meeting_mode: 'face_to_face' }
  const { id, ends_at: end } = await book(trx, parent.actor, { ...wanted, details }, now)
  return { id, end, teacher }
}
