import type { Flow, Step } from '../steps.ts'

const bothAppointments = `
  const ids = answer.map(({ id }) => id)
  pm.expect(ids).to.have.members([kept('appointment_id'), kept('other_appointment_id')])`

export const booking: Flow = {
  name: 'Booking',
  description: 'A free time is booked as it was answered; everybody sees the appointments that concern them.',
  steps: [
    {
      name: 'Book',
      asks: 'POST /appointments',
      as: 'client',
      json: { ...atSlot(1), staff_id: '{{staff_id}}', notes: 'First visit' },
      answers: 201,
      shows: {
        'an appointment at that time': `
          pm.expect(answer).to.include({ start_time: kept('start_1'), end_time: kept('end_1') })`,
        'whose it is, and how it stands': `
          pm.expect(answer).to.include({ client_id: kept('client_id'), staff_id: kept('staff_id') })
          pm.expect(answer).to.include({ status: 'scheduled', notes: 'First visit' })`,
      },
      keeps: { appointment_id: 'answer.id' },
    },
    isOffered('Its time is not offered any more', 1, false),
    {
      name: 'Somebody else books the next hour',
      asks: 'POST /appointments',
      as: 'other_client',
      json: { ...atSlot(2), staff_id: '{{staff_id}}' },
      answers: 201,
      shows: { 'nothing in the notes': `pm.expect(answer.notes).to.be.null` },
      keeps: { other_appointment_id: 'answer.id' },
    },
    {
      name: 'The appointments of a client',
      asks: 'GET /appointments',
      as: 'client',
      answers: 200,
      shows: {
        'their own and no other': `pm.expect(answer.map(({ id }) => id)).to.eql([kept('appointment_id')])`,
      },
    },
    {
      name: 'The appointments of the staff',
      asks: 'GET /appointments',
      as: 'staff',
      query: { skip: 0, limit: 10 },
      answers: 200,
      shows: { 'whoever booked': bothAppointments },
    },
    {
      name: 'The appointments of other staff',
      asks: 'GET /appointments',
      as: 'other_staff',
      answers: 200,
      shows: { 'nothing of what others have': `pm.expect(answer).to.eql([])` },
    },
    {
      name: 'All appointments, by staff, for an administrator',
      asks: 'GET /appointments',
      as: 'admin',
      query: { staff_id: '{{staff_id}}' },
      answers: 200,
      shows: { 'whoever booked': bothAppointments },
    },
    {
      name: 'Filter by status, date and client',
      asks: 'GET /appointments',
      as: 'admin',
      query: {
        status: 'scheduled',
        from_date: '{{date}}',
        to_date: '{{date}}',
        client_id: '{{other_client_id}}',
      },
      answers: 200,
      shows: {
        'the only one': `pm.expect(answer.map(({ id }) => id)).to.eql([kept('other_appointment_id')])`,
      },
    },
    {
      name: 'Filter by status: none',
      asks: 'GET /appointments',
      as: 'client',
      query: { status: 'cancelled' },
      answers: 200,
      shows: { nothing: `pm.expect(answer).to.eql([])` },
    },
    {
      name: 'Change the notes',
      asks: 'PATCH /appointments/{id}',
      id: 'appointment',
      as: 'client',
      json: { notes: 'Brings the papers' },
      answers: 200,
      shows: {
        'the notes, at the same time': `
          pm.expect(answer).to.include({ notes: 'Brings the papers', start_time: kept('start_1'), status: 'scheduled' })`,
      },
    },
  ],
}

export const rescheduling: Flow = {
  name: 'Rescheduling and cancelling',
  description: 'The old time is free again at once. What is cancelled stays so.',
  steps: [
    {
      name: 'Reschedule by PATCH',
      asks: 'PATCH /appointments/{id}',
      id: 'appointment',
      as: 'client',
      json: atSlot(3),
      answers: 200,
      shows: { 'the new time': atTime(3) },
    },
    isOffered('Its old time is free again', 1, true),
    {
      name: 'Reschedule, with a reason',
      asks: 'POST /appointments/{id}/reschedule',
      id: 'appointment',
      as: 'client',
      json: { new_start_time: '{{start_4}}', new_end_time: '{{end_4}}', reason: 'The train is late' },
      answers: 200,
      shows: {
        'the new time': atTime(4),
        'the reason, behind the notes that there were': `
          pm.expect(answer.notes).to.match(/^Brings the papers[^]*The train is late$/)`,
      },
    },
    {
      name: 'Reschedule to a time that is taken',
      asks: 'POST /appointments/{id}/reschedule',
      id: 'appointment',
      as: 'client',
      json: { new_start_time: '{{start_2}}', new_end_time: '{{end_2}}' },
      answers: 409,
    },
    {
      name: 'Not set by PATCH: completed',
      asks: 'PATCH /appointments/{id}',
      id: 'appointment',
      as: 'client',
      json: { status: 'completed' },
      answers: 400,
    },
    {
      name: 'Somebody else’s appointment',
      asks: 'PATCH /appointments/{id}',
      id: 'appointment',
      as: 'other_client',
      json: { status: 'cancelled' },
      answers: 404,
    },
    {
      name: 'Cancel',
      asks: 'PATCH /appointments/{id}',
      id: 'appointment',
      as: 'client',
      json: { status: 'cancelled' },
      answers: 200,
      shows: { 'that it is cancelled': `pm.expect(answer.status).to.equal('cancelled')` },
    },
    isOffered('The time of what is cancelled is free again', 4, true),
    {
      name: 'Cancelled: cannot be changed any more',
      asks: 'POST /appointments/{id}/reschedule',
      id: 'appointment',
      as: 'client',
      json: { new_start_time: '{{start_1}}', new_end_time: '{{end_1}}' },
      answers: 400,
    },
  ],
}

/** The time of one of the slots that were kept. */
function atSlot(number: number) {
  return { start_time: `{{start_${number}}}`, end_time: `{{end_${number}}}` }
}

function atTime(number: number): string {
  return `pm.expect(answer).to.include({ start_time: kept('start_${number}'), end_time: kept('end_${number}') })`
}

function isOffered(name: string, number: number, isFree: boolean): Step {
  return {
    name,
    asks: 'GET /availability/slots',
    query: { staff_id: '{{staff_id}}', date: '{{date}}', slot_duration: 60 },
    answers: 200,
    shows: {
      [isFree ? 'that time' : 'other times']: `
        const starts = answer.slots.map(({ start_time }) => start_time)
        pm.expect(starts).not.to.be.empty
        pm.expect(starts.includes(kept('start_${number}'))).to.equal(${isFree})`,
    },
  }
}
