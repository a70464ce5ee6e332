import type { Dialect } from '../dialect.ts'
import { appointmentRoutes } from './appointment-routes.ts'
import { authRoutes } from './auth-routes.ts'
import { availabilityRoutes } from './availability-routes.ts'
import { fail } from './failures.ts'
import { GeneralFailure } from './shapes.ts'

/** The API of the general appointment system: people, their availability, and appointments between two of them. */
export const general: Dialect = {
  trade: 'general',
  title: 'Appointment Scheduling System',
  description:
    "Book, move and cancel appointments with staff. Times stand on the business's wall clock, without an offset; weekdays are counted from Monday, which is 0.",
  roles: { admin: 'admin', provider: 'staff', client: 'client' },
  failure: GeneralFailure,
  fail,
  routes(app, issuing) {
    authRoutes(app, issuing)
    availabilityRoutes(app)
    appointmentRoutes(app)
  },
}
