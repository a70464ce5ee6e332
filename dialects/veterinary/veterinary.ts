import type { Dialect } from '../dialect.ts'
import { appointmentRoutes } from './appointment-routes.ts'
import { authRoutes } from './auth-routes.ts'
import { calendarRoutes } from './calendar-routes.ts'
import { clinicRoutes } from './clinic-routes.ts'
import { sayer, VeterinaryFailure } from './envelope.ts'
import { fail } from './failures.ts'
import { petRoutes } from './pet-routes.ts'
import { slotRoutes } from './slot-routes.ts'
import { stepRoutes } from './step-routes.ts'
import { veterinarianRoutes } from './veterinarian-routes.ts'

/** The API of the veterinary practices' system: owners bring their pets to vets, who work at clinics. */
export const veterinary: Dialect = {
  trade: 'veterinary',
  title: 'Veterinary Clinic API',
  description:
    'Owners book for their pets, with a vet at a clinic. Every answer has the same envelope; instants are UTC, dates and times of day are those of the practice’s wall clock.',
  roles: {
    admin: 'admin',
    secretary: 'clinic_manager',
    reception: 'receptionist',
    provider: 'veterinarian',
    client: 'pet_owner',
  },
  failure: VeterinaryFailure,
  fail,
  routes(app, issuing, { version }) {
    const say = sayer(version)
    authRoutes(app, say, issuing)
    clinicRoutes(app, say)
    veterinarianRoutes(app, say)
    petRoutes(app, say)
    slotRoutes(app, say)
    calendarRoutes(app, say)
    appointmentRoutes(app, say)
    stepRoutes(app, say)
  },
}
