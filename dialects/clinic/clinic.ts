import { inboundRoutes } from '../../server/notifications/inbound/routes.ts'
import type { Dialect } from '../dialect.ts'
import { appointmentRoutes } from './appointment-routes.ts'
import { authRoutes } from './auth-routes.ts'
import { doctorRoutes } from './doctor-routes.ts'
import { fail, refuseImpossibleIds } from './failures.ts'
import { photoRoutes } from './photo-routes.ts'
import { ClinicFailure } from './shapes.ts'
import { timeRoutes } from './time-routes.ts'
import { userRoutes } from './user-routes.ts'

/** The API of the clinic's system: patients book half hours of doctors, and confirm them. */
export const clinic: Dialect = {
  trade: 'clinic',
  title: 'Clinic Appointment System',
  description:
    "Patients book doctors by the half hour. Date-times are UTC, with or without a Z; days, months and weekly schedules are those of the clinic's wall clock. Weekdays are counted from Monday, which is 0.",
  roles: { admin: 'admin', provider: 'doctor', client: 'patient' },
  failure: ClinicFailure,
  fail,
  routes(app, issuing, { receiving }) {
    refuseImpossibleIds(app)
    authRoutes(app, issuing)
    userRoutes(app)
    photoRoutes(app)
    doctorRoutes(app)
    appointmentRoutes(app)
    timeRoutes(app)
    inboundRoutes(app, '/twilio/webhook', receiving)
  },
}
