import { inAMoment, untilBegun } from '../preparations.ts'
import type { Flow, Step } from '../steps.ts'

export const attendance: Flow = {
  name: 'Completed and no-show',
  description:
    'Only what has begun can be closed: so appointments are booked that begin in two seconds, and those are waited for.',
  steps: [
    {
      name: 'Too early to be completed',
      asks: 'POST /appointments/{id}/mark-completed',
      id: 'other_appointment',
      as: 'staff',
      answers: 400,
    },
    ...[1, 2, 3].flatMap(missing),
    {
      name: 'Who missed three is blocked',
      asks: 'GET /auth/me',
      as: 'other_client',
      answers: 200,
      shows: {
        'that they are blocked': `pm.expect(answer).to.include({ no_show_count: 3, is_blocked: true })`,
      },
    },
    {
      name: 'Book an appointment that begins in a moment',
      asks: 'POST /appointments',
      before: inAMoment,
      as: 'client',
      json: beginsInAMoment(),
      answers: 201,
      shows: { 'an appointment that is scheduled': `pm.expect(answer.status).to.equal('scheduled')` },
      keeps: { completed_id: 'answer.id' },
    },
    {
      name: 'Not for the client to say: completed',
      asks: 'POST /appointments/{id}/mark-completed',
      id: 'completed',
      as: 'client',
      answers: 403,
    },
    {
      name: 'Mark as completed',
      asks: 'POST /appointments/{id}/mark-completed',
      before: untilBegun,
      id: 'completed',
      as: 'staff',
      answers: 200,
      shows: { 'that it is completed': `pm.expect(answer.status).to.equal('completed')` },
    },
    {
      name: 'Completed: cannot be missed any more',
      asks: 'POST /appointments/{id}/mark-no-show',
      id: 'completed',
      as: 'staff',
      answers: 400,
    },
  ],
}

export const exports: Flow = {
  name: 'Exports',
  description: 'Calendars for Google, Apple and Outlook.',
  steps: [
    exported('one', 'GET /appointments/{id}/export.ics', {
      id: 'other_appointment',
      as: 'other_client',
      shows: {
        'one event, confirmed': `
          pm.expect(calendar.match(/BEGIN:VEVENT/g)).to.have.lengthOf(1)
          pm.expect(calendar).to.include('STATUS:CONFIRMED')`,
        'who meets whom': `
          pm.expect(calendar).to.match(/ORGANIZER[^]*staff-/)
          pm.expect(calendar).to.match(/ATTENDEE[^]*other-client-/)`,
        'a file by its name': `
          pm.expect(pm.response.headers.get('Content-Disposition')).to.include('appointment_' + kept('other_appointment_id') + '.ics')`,
      },
    }),
    exported('one that is cancelled', 'GET /appointments/{id}/export.ics', {
      id: 'appointment',
      as: 'client',
      shows: { 'that it is cancelled': `pm.expect(calendar).to.include('STATUS:CANCELLED')` },
    }),
    exported('all of the staff', 'GET /appointments/export-all.ics', {
      as: 'staff',
      shows: {
        'whatever became of them': `
          for (const name of ['appointment_id', 'other_appointment_id', 'missed_id', 'completed_id'])
            pm.expect(calendar).to.include('UID:' + kept(name))`,
        'a file by its name': `
          pm.expect(pm.response.headers.get('Content-Disposition')).to.include('all_appointments.ics')`,
      },
    }),
    exported('all of a client', 'GET /appointments/export-all.ics', {
      as: 'client',
      shows: {
        'nothing of anybody else': `
          pm.expect(calendar).to.include('UID:' + kept('appointment_id'))
          pm.expect(calendar).not.to.include(kept('other_appointment_id'))`,
      },
    }),
  ],
}

/** One more appointment that is missed: what is left of its time can be booked again at once. */
function missing(number: number): Step[] {
  return [
    {
      name: `Book what will be missed (${number})`,
      asks: 'POST /appointments',
      before: inAMoment,
      as: 'other_client',
      json: beginsInAMoment(),
      answers: 201,
      shows: { 'an appointment that is scheduled': `pm.expect(answer.status).to.equal('scheduled')` },
      keeps: { missed_id: 'answer.id' },
    },
    {
      name: `Mark as no-show (${number})`,
      asks: 'POST /appointments/{id}/mark-no-show',
      before: untilBegun,
      id: 'missed',
      as: 'staff',
      answers: 200,
      shows: { 'that nobody came': `pm.expect(answer.status).to.equal('no_show')` },
    },
  ]
}

function beginsInAMoment() {
  return { staff_id: '{{staff_id}}', start_time: '{{start_time}}', end_time: '{{end_time}}' }
}

function exported(what: string, asks: Step['asks'], step: Pick<Step, 'id' | 'as' | 'shows'>): Step {
  return {
    name: `Export ${what}`,
    asks,
    ...step,
    answers: 200,
    shows: {
      'a calendar': `
        pm.expect(pm.response.headers.get('Content-Type')).to.include('text/calendar')
        pm.expect(calendar).to.match(/^BEGIN:VCALENDAR[^]*END:VCALENDAR\\s*$/)`,
      ...step.shows,
    },
  }
}
