import {
  newMeeting,
  newSchool,
  newSlot,
  newUser,
  slotOn,
  TUESDAY,
  WEEK,
} from '../../dialects/school/testing/asking.ts'
import type { TestApp } from '../app.ts'
import { PASSWORD } from '../cast.ts'
import type { Ids, Walk, World } from '../dialects.ts'
import { newMessage } from '../world.ts'

const newcomer = { email: 'nobody@example.com', password: PASSWORD, full_name: 'New' }
/** When the meeting is over. */
const OVER = '2027-03-02T11:00:00Z'
const page = { skip: '0', limit: '10' }
const march = { start_date: '2027-03-01', end_date: '2027-03-31' }
const ofTeacher = ({ teacher }: Ids) => ({ teacher_id: teacher! })
const user = { path: { id: 'user' } }
const teacher = { path: { id: 'teacher' } }
const parent = { path: { id: 'parent' } }
const free = { path: { id: 'free' } }
const meeting = { path: { id: 'appointment' } }
const time = { start_time: '14:00', end_time: '14:30' }

export const school: Walk = {
  newWorld,
  sentenceOf: ({ body }) => body.detail,
  open: ['POST /auth/register', 'POST /auth/login'],
  questions: {
    'POST /auth/register': { body: () => ({ ...newcomer, role: 'parent' }) },
    'POST /auth/login': { body: () => ({ email: newcomer.email, password: PASSWORD }), answers: 401 },
    'GET /auth/me': {},

    'GET /admin/users': { query: () => ({ ...page, role: 'parent' }) },
    'POST /admin/users': { body: () => ({ ...newcomer, role: 'teacher' }) },
    'GET /admin/users/:id': user,
    'PUT /admin/users/:id': {
      ...user,
      body: () => ({ full_name: 'Other', role: 'teacher', is_active: true }),
    },
    'DELETE /admin/users/:id': user,

    'GET /teachers': { query: () => ({ ...page, subject: 'math', branch: 'north' }) },
    'POST /teachers': {
      body: (ids) => ({
        user_id: ids.user,
        branch: 'South',
        subject: 'Art',
        bio: 'Paints',
        phone: '+441632960001',
      }),
    },
    'GET /teachers/:id': teacher,
    'GET /teachers/user/:id': teacher,
    'PUT /teachers/:id': {
      ...teacher,
      body: () => ({ branch: 'South', subject: 'Art', bio: 'Paints', phone: '+441632960001' }),
    },
    'DELETE /teachers/:id': { ...teacher, at: OVER },

    'GET /parents': { query: () => ({ ...page, student_name: 'kim', student_class: '7' }) },
    'POST /parents': {
      body: (ids) => ({
        user_id: ids.stranger,
        student_name: 'Lee',
        student_class: '8b',
        phone: '+441632960002',
        notes: 'By bus',
      }),
    },
    'GET /parents/me': { by: 'parent' },
    'GET /parents/:id': parent,
    'GET /parents/user/:id': parent,
    'PUT /parents/:id': {
      ...parent,
      body: () => ({ student_name: 'Lee', student_class: '8b', phone: '+441632960002', notes: 'By bus' }),
    },
    'DELETE /parents/:id': { ...parent, at: OVER },

    'GET /slots': {
      query: (ids) => ({ ...page, ...ofTeacher(ids), week_start: WEEK, available_only: 'true' }),
    },
    'POST /slots': { body: (ids) => ({ ...ofTeacher(ids), ...slotOn(3, '14:00', '14:30') }) },
    'POST /slots/bulk': {
      body: (ids) => ({
        ...ofTeacher(ids),
        week_start_date: WEEK,
        time_slots: [{ day_of_week: 3, ...time }],
      }),
    },
    'GET /slots/teacher/:id/schedule': { ...teacher, query: () => ({ week_start: WEEK }) },
    'GET /slots/:id': free,
    'PUT /slots/:id': { ...free, body: () => slotOn(3, '14:00', '14:30') },
    'DELETE /slots/:id': free,

    'GET /appointments': {
      query: (ids) => ({ ...page, ...march, ...ofTeacher(ids), parent_id: ids.parent!, status: 'pending' }),
    },
    'POST /appointments/book': {
      by: 'parent',
      body: (ids) => ({ slot_id: ids.free, meeting_mode: 'online', notes: 'By the gate' }),
    },
    'GET /appointments/parent/:id/appointments': parent,
    'GET /appointments/teacher/:id/appointments': { ...teacher, query: () => march },
    'GET /appointments/:id': meeting,
    'PUT /appointments/:id': {
      ...meeting,
      body: () => ({ meeting_mode: 'face_to_face', notes: 'By the gate' }),
    },
    'PUT /appointments/:id/status': { ...meeting, body: () => ({ status: 'confirmed' }) },
    'DELETE /appointments/:id': meeting,

    'GET /notifications': {
      query: () => ({
        ...page,
        status: 'failed',
        notification_type: 'appointment_confirmation',
        email: 'a',
      }),
    },
    'GET /notifications/summary': {},
    'GET /notifications/failed': { query: () => page },
    'GET /notifications/appointment/:id': meeting,
    'POST /notifications/send': {
      body: (ids) => ({ appointment_id: ids.appointment, notification_type: 'reminder' }),
    },
    'POST /notifications/send-reminder/:id': meeting,
    'POST /notifications/retry/:id': { path: { id: 'message' } },

    'GET /calendar/daily/:date': { words: { date: TUESDAY }, query: ofTeacher },
    'GET /calendar/monthly/:year/:month': { words: { year: '2027', month: '3' }, query: ofTeacher },
    'GET /calendar/enhanced-weekly/:id': { ...teacher, query: () => ({ week_start: WEEK }) },
    'GET /calendar/suggestions/:date': {
      words: { date: TUESDAY },
      query: (ids) => ({ ...ofTeacher(ids), duration_minutes: '45' }),
    },
    'GET /calendar/export/ical': { query: (ids) => ({ ...ofTeacher(ids), ...march }) },
    'POST /calendar/bulk-advanced': {
      body: (ids) => ({
        ...ofTeacher(ids),
        week_start_date: WEEK,
        slot_pattern: { days: [3], start_time: '14:00', end_time: '16:00' },
      }),
    },

    'POST /jobs/:name/run': {
      words: { name: 'generate_weekly_slots' },
      answers: 202,
      mayHaveNone: true,
      body: (ids) => ({
        ...ofTeacher(ids),
        template: { friday: [{ start: '14:00', end: '14:30' }] },
        weeks: 2,
      }),
    },
  },
}

/** A school with a meeting, a free slot, and two users who have no profile. */
async function newWorld(app: TestApp): Promise<World> {
  const { stage, api, admin, teacher, parent } = await newSchool(app)
  await api.put(`/teachers/${teacher.id}`, admin, { branch: 'North', subject: 'Mathematics' })
  await api.put(`/parents/${parent.id}`, admin, { student_name: 'Kim', student_class: '7a' })
  const [user, stranger] = [await newUser(app, stage, 'teacher'), await newUser(app, stage, 'parent')]
  const appointment = await newMeeting(api, parent, await newSlot(api, teacher))
  const free = await newSlot(api, teacher, slotOn(2, '10:00', '10:30'))
  const message = { id: await newMessage(app, stage, parent.id, appointment.id) }
  await newMessage(app, stage, parent.id, appointment.id, 'sent')
  const people = { user, stranger, teacher, parent }
  const ids = Object.fromEntries(
    Object.entries({ ...people, appointment, free, message }).map(([kind, { id }]) => [kind, id]),
  )
  return { ...stage, ids, people: { parent } }
}
