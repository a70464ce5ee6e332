import { booking, rescheduling } from './flows/appointments.ts'
import { attendance, exports } from './flows/attendance.ts'
import { availability, freeTimes } from './flows/availability.ts'
import { logIns, registrations, users } from './flows/people.ts'
import { refusals } from './flows/refusals.ts'
import type { Flow } from './steps.ts'

/** What people do with the general system, from the first account to what is refused. */
export const flows: Flow[] = [
  registrations,
  logIns,
  availability,
  freeTimes,
  booking,
  rescheduling,
  attendance,
  exports,
  users,
  refusals,
]
