import { daysFromNow } from '../preparations.ts'
import type { Flow, Step } from '../steps.ts'

const days = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays']

export const availability: Flow = {
  name: 'Availability',
  description:
    'Sam takes appointments at any hour of any day, so that all of this works whenever it is run; Olga only on one date.',
  steps: [
    ...days.map(openAllDay),
    {
      name: 'The week of Sam, for everyone',
      asks: 'GET /availability',
      query: { staff_id: '{{staff_id}}' },
      answers: 200,
      shows: {
        'each day of the week once': `
          pm.expect(answer.map((one) => one.day_of_week)).to.have.members([0, 1, 2, 3, 4, 5, 6])`,
        'nobody else': `
          for (const one of answer) pm.expect(one.staff_id).to.equal(kept('staff_id'))`,
      },
    },
    {
      name: 'Open on a date',
      asks: 'POST /availability',
      as: 'other_staff',
      before: daysFromNow({ date: 7, other_date: 14 }),
      json: openOnDate('10:00', '12:00'),
      answers: 201,
      shows: {
        'a window of that date alone': `
          pm.expect(answer).to.include({ specific_date: kept('other_date'), day_of_week: null, is_recurring: false })
          pm.expect(answer).to.include({ start_time: '10:00:00', end_time: '12:00:00' })`,
      },
      keeps: { availability_id: 'answer.id' },
    },
    {
      name: 'Change a window',
      asks: 'PATCH /availability/{id}',
      id: 'availability',
      as: 'other_staff',
      json: { start_time: '09:00' },
      answers: 200,
      shows: {
        'the new hours of the same date': `
          pm.expect(answer).to.include({ id: kept('availability_id'), specific_date: kept('other_date') })
          pm.expect(answer).to.include({ start_time: '09:00:00', end_time: '12:00:00' })`,
      },
    },
    {
      name: 'An administrator adds hours for somebody',
      asks: 'POST /availability',
      as: 'admin',
      json: openOnDate('13:00', '14:00'),
      answers: 201,
      shows: { 'whose they are': `pm.expect(answer.staff_id).to.equal(kept('other_staff_id'))` },
      keeps: { second_availability_id: 'answer.id' },
    },
    {
      name: 'An administrator takes them away',
      asks: 'DELETE /availability/{id}',
      id: 'second_availability',
      as: 'admin',
      answers: 200,
      shows: { 'a message': `pm.expect(answer.message).to.be.a('string').and.not.empty` },
    },
    {
      name: 'The hours of Olga: one window is left',
      asks: 'GET /availability',
      query: { staff_id: '{{other_staff_id}}', skip: 0, limit: 10 },
      answers: 200,
      shows: {
        'the one that was not taken away': `
          pm.expect(answer.map(({ id }) => id)).to.eql([kept('availability_id')])`,
      },
    },
    {
      name: 'Hours of somebody else',
      asks: 'POST /availability',
      as: 'staff',
      json: openOnDate('15:00', '16:00'),
      answers: 403,
    },
    {
      name: 'Neither a weekday nor a date',
      asks: 'POST /availability',
      as: 'staff',
      json: { staff_id: '{{staff_id}}', start_time: '09:00', end_time: '17:00' },
      answers: 422,
    },
  ],
}

export const freeTimes: Flow = {
  name: 'Free times',
  description: 'Slots of any length, step by step from the beginning of a window.',
  steps: [
    {
      name: 'Slots of 60 minutes',
      asks: 'GET /availability/slots',
      query: { staff_id: '{{other_staff_id}}', date: '{{other_date}}', slot_duration: 60 },
      answers: 200,
      shows: {
        'what was asked for': `
          pm.expect(answer).to.include({ staff_id: kept('other_staff_id'), date: kept('other_date') })`,
        'three hours, one by one': `
          const times = answer.slots.flatMap((slot) => [slot.start_time, slot.end_time])
          const expected = ['09:00', '10:00', '10:00', '11:00', '11:00', '12:00']
          pm.expect(times).to.eql(expected.map((time) => kept('other_date') + 'T' + time + ':00'))`,
      },
    },
    {
      name: 'Slots of 30 minutes',
      asks: 'GET /availability/slots',
      query: { staff_id: '{{other_staff_id}}', date: '{{other_date}}', slot_duration: 30 },
      answers: 200,
      shows: {
        'twice as many': `
          const starts = answer.slots.map(({ start_time }) => start_time.slice(11, 16))
          pm.expect(starts).to.eql(['09:00', '09:30', '10:00', '10:30', '11:00', '11:30'])`,
      },
    },
    {
      name: 'Slots of a whole day',
      asks: 'GET /availability/slots',
      query: { staff_id: '{{staff_id}}', date: '{{date}}' },
      answers: 200,
      shows: {
        'an hour each, on a day that may be shorter or longer by one': `
          pm.expect(answer.slots.length).to.be.within(22, 25)
          for (const { start_time } of answer.slots) pm.expect(start_time.slice(0, 10)).to.equal(kept('date'))`,
      },
      keeps: Object.fromEntries(
        [1, 2, 3, 4].flatMap((number) => [
          [`start_${number}`, `answer.slots[${number + 8}].start_time`],
          [`end_${number}`, `answer.slots[${number + 8}].end_time`],
        ]),
      ),
    },
  ],
}

function openAllDay(day: string, day_of_week: number): Step {
  return {
    name: `Open on ${day}`,
    asks: 'POST /availability',
    as: 'staff',
    json: {
      staff_id: '{{staff_id}}',
      day_of_week,
      start_time: '00:00',
      end_time: '23:59:59',
      is_recurring: true,
    },
    answers: 201,
    shows: {
      'a window of every week': `
        pm.expect(answer).to.include({ day_of_week: ${day_of_week}, specific_date: null, is_recurring: true })
        pm.expect(answer).to.include({ start_time: '00:00:00', end_time: '23:59:59', staff_id: kept('staff_id') })`,
    },
  }
}

function openOnDate(start_time: string, end_time: string) {
  const day = { specific_date: '{{other_date}}', is_recurring: false }
  return { staff_id: '{{other_staff_id}}', ...day, start_time, end_time }
}
