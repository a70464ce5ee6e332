import { DAY, fromNow, HOUR, MINUTE } from '../preparations.ts'
import type { Flow, Step } from '../steps.ts'

const times = { start_time: '{{start_time}}', end_time: '{{end_time}}' }
const NOBODY = '00000000-0000-4000-8000-000000000000'

export const refusals: Flow = {
  name: 'What is refused',
  description: 'Each with a sentence that says why.',
  steps: [
    books('Double booking', 409, {
      json: { staff_id: '{{staff_id}}', start_time: '{{start_2}}', end_time: '{{end_2}}' },
    }),
    books('Outside the hours', 400, {
      before: fromNow({ start_time: 3 * DAY, end_time: 3 * DAY + 30 * MINUTE }),
      json: { staff_id: '{{other_staff_id}}', ...times },
    }),
    books('Ends before it starts', 422, {
      json: { staff_id: '{{staff_id}}', start_time: '{{end_1}}', end_time: '{{start_1}}' },
    }),
    books('Unknown staff', 404, {
      json: { staff_id: NOBODY, start_time: '{{start_3}}', end_time: '{{end_3}}' },
    }),
    books('In the past', 422, {
      before: fromNow({ start_time: -HOUR, end_time: -30 * MINUTE }),
      json: { staff_id: '{{staff_id}}', ...times },
    }),
    books('No token', 401, {
      as: undefined,
      json: { staff_id: '{{staff_id}}', start_time: '{{start_3}}', end_time: '{{end_3}}' },
    }),
    { name: 'No token, to look', asks: 'GET /appointments', answers: 401 },
    {
      name: 'Book within two hours',
      asks: 'POST /appointments',
      before: fromNow({ start_time: HOUR, end_time: HOUR + 30 * MINUTE }),
      as: 'client',
      json: { staff_id: '{{staff_id}}', ...times },
      answers: 201,
      shows: { 'an appointment that is scheduled': `pm.expect(answer.status).to.equal('scheduled')` },
      keeps: { near_id: 'answer.id' },
    },
    {
      name: 'Cancel within two hours, as the client',
      asks: 'PATCH /appointments/{id}',
      id: 'near',
      as: 'client',
      json: { status: 'cancelled' },
      answers: 400,
    },
    {
      name: 'Reschedule within two hours, as the client',
      asks: 'POST /appointments/{id}/reschedule',
      id: 'near',
      as: 'client',
      json: { new_start_time: '{{start_3}}', new_end_time: '{{end_3}}' },
      answers: 400,
    },
    {
      name: 'Cancel within two hours, as an administrator',
      asks: 'PATCH /appointments/{id}',
      id: 'near',
      as: 'admin',
      json: { status: 'cancelled' },
      answers: 200,
      shows: { 'that it is cancelled': `pm.expect(answer.status).to.equal('cancelled')` },
    },
  ],
}

function books(name: string, answers: number, step: Pick<Step, 'before' | 'as' | 'json'>): Step {
  return { name, asks: 'POST /appointments', as: 'client', ...step, answers }
}
