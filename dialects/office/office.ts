import type { Dialect } from '../dialect.ts'
import { appointmentRoutes } from './appointment-routes.ts'
import { authRoutes } from './auth-routes.ts'
import { availabilityRoutes } from './availability-routes.ts'
import { credentialRoutes } from './credential-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { fail } from './failures.ts'
import { hostRoutes } from './host-routes.ts'
import { memberRoutes } from './member-routes.ts'
import { officeRoutes } from './office-routes.ts'
import { OfficeFailure } from './shapes.ts'
import { userRoutes } from './user-routes.ts'

/** The API of the offices' system: citizens come to hosts, and whoever works for an office acts for it. */
export const office: Dialect = {
  trade: 'office',
  title: 'Office Appointment System',
  description:
    "Offices open their hours, citizens get slots of a quarter of an hour, and the office decides. Times stand on the authority's wall clock, without an offset.",
  roles: { admin: 'admin', provider: 'host', secretary: 'secretary', reception: 'reception', client: 'user' },
  failure: OfficeFailure,
  isDocumentedInProduction: false,
  fail,
  routes(app, issuing, { live }) {
    authRoutes(app, issuing)
    credentialRoutes(app, issuing)
    userRoutes(app)
    hostRoutes(app)
    officeRoutes(app)
    memberRoutes(app)
    availabilityRoutes(app)
    appointmentRoutes(app)
    eventRoutes(app, issuing.tokens, live)
  },
}
