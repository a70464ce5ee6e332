import { school as preset } from '../presets/school.ts'
import { dateOf, momentOf } from './dates.ts'
import { bring, type Wards } from './dependents.ts'
import { holdEvening } from './evening.ts'
import { live } from './living.ts'
import { loginOf } from './logins.ts'
import { enrol, hire, type Scene, type Somebody, type Stage, writeDown } from './stage.ts'

/** A school where parents meet teachers: by appointment in the afternoon, and all of them on one evening. */
export const school: Scene = {
  preset,
  name: 'Lindenfeld School',
  time_zone: 'Europe/Berlin',
  locale: 'de',
  phones: { prefix: '+493023125', digits: 3 },

  async fill(stage) {
    const { random } = stage
    // The evening has times of its own.
    const services = stage.services.filter(({ rules }) => !rules.published_slots_only)
    const teachers = await hireTeachers(stage)
    const parents = await findParents(stage)
    const students: Wards = new Map()
    for (const family of [...families, ...furtherFamilies()]) {
      await enrolStudents(stage, family, parents, students)
    }
    const behind = dateOf(stage, -4, 'Thu')
    const opened = momentOf(stage, behind, '08:00').subtract({ hours: 14 * 24 })
    await holdEvening(stage, teachers, students, { date: behind, opened })
    const since = stage.now.subtract({ hours: 5 * 24 }).round('minute')
    await holdEvening(stage, teachers, students, { date: dateOf(stage, 2, 'Thu'), opened: since })

    const practices = teachers.map((provider) => ({ provider, services }))
    await live(stage, { practices, clients: parents, weeks: 2, behind: 3, ahead: 3 }, ({ client }) => ({
      dependent_id: random.pick(students.get(client)!).id,
      details: { meeting_mode: random.pick(['online', 'face_to_face']) },
      notes: random.pick(notes),
    }))
  },
}

const staff = [
  { subject: 'Mathematics', branch: 'Upper school', hours: ['Mon,Wed 13:30-16:30', 'Thu 08:00-09:30'] },
  { subject: 'German', branch: 'Lower school', hours: ['Tue,Thu 13:00-16:00'] },
  { subject: 'English', branch: 'Upper school', hours: ['Mon 14:00-17:00', 'Fri 12:00-14:30'] },
  { subject: 'Biology', branch: 'Middle school', hours: ['Tue-Thu 14:30-16:30'] },
  { subject: 'Music', branch: 'Lower school', hours: ['Wed 12:00-15:00', 'Fri 08:30-10:30 11:00-12:30'] },
  { subject: 'History', branch: 'Upper school', hours: ['Mon,Thu 13:30-16:00'] },
  { subject: 'Physics', branch: 'Upper school', hours: ['Tue,Wed 14:00-16:30'] },
  { subject: 'Sports', branch: 'Middle school', hours: ['Mon-Wed 15:00-17:00'] },
  { subject: 'Mathematics', branch: 'Middle school', hours: ['Tue,Fri 12:30-15:00'] },
  { subject: 'German', branch: 'Upper school', hours: ['Mon,Wed 13:00-15:30'] },
  { subject: 'English', branch: 'Lower school', hours: ['Tue-Thu 13:30-15:30'] },
  { subject: 'Biology', branch: 'Upper school', hours: ['Thu,Fri 13:00-15:30'] },
]

interface Family {
  /** The first five parents have a log-in. */
  parents: number[]
  classes: string[]
  notes?: string
}

/** Who belongs to whom: siblings share their parents, and parents who live apart book each for themselves. */
const families: Family[] = [
  { parents: [1, 6], classes: ['5b', '8a'] },
  { parents: [2, 7], classes: ['6a'], notes: 'The parents live apart; please tell both.' },
  { parents: [3], classes: ['5a', '7c', '10b'] },
  { parents: [4], classes: ['9a'] },
  { parents: [5], classes: ['6c'] },
  { parents: [8, 9], classes: ['5b', '6a'] },
  { parents: [10], classes: ['11a'] },
  { parents: [11], classes: ['7c'] },
]

/** The rest of the school: together sixty parents with eighty students. */
function furtherFamilies(): Family[] {
  const kinds = [
    { families: 14, parents: 2, children: 3 },
    { families: 16, parents: 1, children: 1 },
    { families: 5, parents: 1, children: 2 },
  ]
  let parent = families.flatMap(({ parents }) => parents).length
  let child = 0
  return kinds.flatMap((kind) =>
    times(kind.families, () => ({
      parents: times(kind.parents, () => ++parent),
      classes: times(kind.children, () => allClasses[child++ % allClasses.length]!),
    })),
  )
}

function times<T>(count: number, one: () => T): T[] {
  return Array.from({ length: count }, one)
}

const allClasses = [5, 6, 7, 8, 9, 10, 11].flatMap((grade) => ['a', 'b', 'c'].map((row) => `${grade}${row}`))
const PARENTS = 60

const notes = [
  'About the last report',
  'About changing the class',
  'Reading at home',
  'The school trip in spring',
  undefined,
]

async function hireTeachers(stage: Stage): Promise<Somebody[]> {
  const teachers = []
  for (const [index, { subject, branch, hours }] of staff.entries()) {
    const about = { bio: `Teaches ${subject}.`, details: { subject, branch }, hours }
    teachers.push(await hire(stage, loginOf('provider', 'school', index + 1), about))
  }
  return teachers
}

async function findParents(stage: Stage): Promise<Somebody[]> {
  const parents = []
  for (const [index, locale] of ['de', 'en', 'tr', 'de', 'de'].entries()) {
    parents.push(await enrol(stage, loginOf('client', 'school', index + 1), { locale }))
  }
  while (parents.length < PARENTS) parents.push(await writeDown(stage))
  return parents
}

async function enrolStudents(stage: Stage, family: Family, all: Somebody[], students: Wards): Promise<void> {
  const { random, now, nextStranger } = stage
  const guardians = family.parents.map((number) => all[number - 1]!)
  const surname = guardians[0]!.name.split(' ').at(-1)
  for (const name_of_class of family.classes) {
    const [first] = nextStranger().name.split(' ')
    const age = Number.parseInt(name_of_class, 10) + 5
    const birth = now.toZonedDateTimeISO('UTC').toPlainDate().subtract({ years: age })
    await bring(
      stage,
      guardians,
      {
        name: `${first} ${surname}`,
        birth_date: birth.subtract({ days: random.integer(10, 350) }).toString(),
        details: { class: name_of_class },
        notes: family.notes,
      },
      students,
    )
  }
}
