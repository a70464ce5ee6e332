import { school as preset } from '../presets/school.ts'
import { live } from './living.ts'
import { loginOf } from './logins.ts'
import { enrol, hire, type Scene } from './stage.ts'

/** A school where parents meet teachers. */
export const school: Scene = {
  preset,
  name: 'Lindenfeld School',
  time_zone: 'Europe/Berlin',
  locale: 'de',
  phones: { prefix: '+493023125', digits: 3 },

  async fill(stage) {
    const { services, random } = stage
    const practices = []
    for (const [index, { subject, branch, hours }] of teachers.entries()) {
      const about = { bio: `Teaches ${subject}.`, details: { subject, branch }, hours }
      practices.push({
        provider: await hire(stage, loginOf('provider', 'school', index + 1), about),
        services,
      })
    }
    const clients = []
    for (const [index, locale] of ['de', 'en', 'tr', 'de', 'de'].entries()) {
      clients.push(await enrol(stage, loginOf('client', 'school', index + 1), { locale }))
    }
    await live(stage, { practices, clients, weeks: 2, behind: 3, ahead: 3 }, () => ({
      details: { meeting_mode: random.pick(['online', 'face_to_face']) },
      notes: random.pick(notes),
    }))
  },
}

const teachers = [
  { subject: 'Mathematics', branch: 'Upper school', hours: ['Mon,Wed 13:30-16:30', 'Thu 08:00-09:30'] },
  { subject: 'German', branch: 'Lower school', hours: ['Tue,Thu 13:00-16:00'] },
  { subject: 'English', branch: 'Upper school', hours: ['Mon 14:00-17:00', 'Fri 12:00-14:30'] },
  { subject: 'Biology', branch: 'Middle school', hours: ['Tue-Thu 14:30-16:30'] },
  { subject: 'Music', branch: 'Lower school', hours: ['Wed 12:00-15:00', 'Fri 08:30-10:30 11:00-12:30'] },
]

const notes = [
  'About the last report',
  'About changing the class',
  'Reading at home',
  'The school trip in spring',
  undefined,
]
