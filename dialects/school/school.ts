import type { Dialect } from '../dialect.ts'
import { adminRoutes } from './admin-routes.ts'
import { appointmentRoutes } from './appointment-routes.ts'
import { authRoutes } from './auth-routes.ts'
import { calendarRoutes } from './calendar-routes.ts'
import { exportRoutes } from './export-routes.ts'
import { fail } from './failures.ts'
import { notificationRoutes } from './notification-routes.ts'
import { jobRoutes } from './job-routes.ts'
import { parentRoutes } from './parent-routes.ts'
import { SchoolFailure } from './shapes.ts'
import { slotRoutes } from './slot-routes.ts'
import { teacherRoutes } from './teacher-routes.ts'

/** The API of the school's system: teachers publish slots, parents book them on behalf of a student. */
export const school: Dialect = {
  trade: 'school',
  title: 'School Appointment System',
  description:
    "Teachers offer slots, week by week; parents book them. Times stand on the school's wall clock, without an offset; weekdays are counted from Monday, which is 0.",
  roles: { admin: 'admin', provider: 'teacher', client: 'parent' },
  failure: SchoolFailure,
  fail,
  routes(app, issuing) {
    authRoutes(app, issuing)
    adminRoutes(app)
    teacherRoutes(app)
    parentRoutes(app)
    slotRoutes(app)
    appointmentRoutes(app)
    calendarRoutes(app)
    exportRoutes(app)
    notificationRoutes(app)
    jobRoutes(app)
  },
}
