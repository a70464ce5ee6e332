import { type Static, Type } from 'typebox'
import type { App } from '../../server/http/routes.ts'
import { runLater } from '../../server/jobs/runs.ts'
import { InvalidInput } from '../../server/refusal.ts'
import { Id, ref, shape } from '../../server/shapes.ts'
import { LocalTime } from '../local-times.ts'
import { maybe } from '../maybe.ts'

/** The tasks of this system, by the names of our jobs; ours are understood, too. */
const tasks: Record<string, string> = {
  send_appointment_reminders: 'remind',
  reset_weekly_slots: 'clean-up-slots',
  cleanup_notifications: 'clean-up-notifications',
  mark_completed_appointments: 'complete-past',
  send_daily_teacher_summary: 'daily-summaries',
  generate_weekly_slots: 'generate-slots',
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

const SlotsOfDay = Type.Array(Type.Object({ start: LocalTime, end: LocalTime }), { maxItems: 288 })
const TaskBody = shape(
  'SchoolTask',
  Type.Object(
    {
      teacher_id: maybe(Id),
      template: maybe(
        Type.Record(Type.String(), SlotsOfDay, {
          description:
            'For generate_weekly_slots: the slots of each weekday, by its name or its number (Monday = 0)',
        }),
      ),
      weeks: maybe(Type.Integer({ minimum: 1, maximum: 52, description: 'Four unless said' })),
    },
    { description: 'Only generate_weekly_slots is told anything' },
  ),
)
const OrNothing = Type.Unsafe<Static<typeof TaskBody> | null>({
  ...TaskBody,
  $id: undefined,
  type: ['object', 'null'],
})
const SchoolJob = shape(
  'SchoolJob',
  Type.Object({ job_id: Id, task: Type.String(), status: Type.String(), message: Type.String() }),
)

/** /jobs/{name}/run: an administrator starts a task that otherwise waits for its time. */
export function jobRoutes(app: App): void {
  app.post(
    '/jobs/:name/run',
    {
      config: { may: 'jobs:run' },
      schema: {
        summary: 'Start a task',
        params: Type.Object({ name: Type.String({ maxLength: 100 }) }),
        body: OrNothing,
        response: { 202: ref(SchoolJob) },
      },
    },
    async ({ db, actor, params: { name }, body, now }, reply) => {
      const job = tasks[name] ?? name
      const run = await runLater(db, actor, job, job === 'generate-slots' ? slotsAsked(body) : null, now)
      reply.status(202)
      const message = 'The task was accepted; a worker does it as soon as one is free.'
      return { job_id: run.id, task: name, status: run.state, message }
    },
  )
}

/** What is said for making slots, as the core says it; nothing: the weeks that teachers keep. */
function slotsAsked(body: Static<typeof TaskBody> | null) {
  const { teacher_id, template, weeks } = body ?? {}
  if (!teacher_id && !template) return null
  if (!teacher_id) throw new InvalidInput([{ field: 'teacher_id', message: 'must say whose slots they are' }])
  if (!template) throw new InvalidInput([{ field: 'template', message: 'must say which slots there are' }])
  const days = Object.entries(template).map(
    ([day, slots]) => [weekdayOf(day), slots.map(onTheMinute)] as const,
  )
  return { provider_id: teacher_id, week: Object.fromEntries(days), ...(weeks && { weeks }) }
}

/** Monday = 1, as the core counts. */
function weekdayOf(day: string): number {
  const at = /^[0-6]$/.test(day) ? Number(day) : weekdays.indexOf(day.toLowerCase())
  if (at >= 0) return at + 1
  throw new InvalidInput([{ field: 'template', message: `has "${day}" for a weekday; write monday, or 0` }])
}

/** The last second of a day is its end. */
const onTheMinute = ({ start, end }: Static<typeof SlotsOfDay>[number]) => ({
  start: start.slice(0, 5),
  end: end === '23:59:59' ? '24:00' : end.slice(0, 5),
})
