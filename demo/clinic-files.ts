import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Database } from '../server/database/transactions.ts'
import { doctorLogin } from './logins.ts'

export interface ClinicReport {
  made_at: string
  doctors: number
  patients: number
  appointments: { total: number; past: number; upcoming: number; by_status: Record<string, number> }
  by_doctor: { name: string; specialization: string; appointments: number }[]
}

/**
 * Writes what is in the demo's clinic, and how its doctors log in, as files beside the data: the system that Punctual
 * replaces has such files. They are for whoever started the demo, and for nobody else on the machine.
 */
export async function writeClinicFiles(db: Database, folder: string, now: Temporal.Instant): Promise<void> {
  const doctors = await readDoctors(db)
  const credentials = doctors.map(({ name, specialization }, index) => ({
    name,
    specialization,
    ...doctorLogin(index + 1),
  }))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await write(folder, 'report.json', await readReport(db, doctors, now))
  await write(folder, 'credentials_doctors.json', credentials)
}

async function write(folder: string, name: string, content: object): Promise<void> {
  await writeFile(join(folder, name), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
}

/** In the order of their log-ins. */
async function readDoctors(db: Database): Promise<ClinicReport['by_doctor']> {
  const { rows } = await sql<ClinicReport['by_doctor'][number]>`
    select person.name, provider.details ->> 'specialization' as specialization, (
      select count(*)::integer from appointments a
      where a.organization_id = provider.organization_id and a.provider_id = provider.id) as appointments
    from organizations organization
    join providers provider on provider.organization_id = organization.id
    join people person on person.organization_id = provider.organization_id and person.id = provider.id
    join accounts account on account.organization_id = person.organization_id and account.person_id = person.id
    where organization.slug = 'clinic' and account.email ~ '^doctor[0-9]+@clinic[.]com$'
    order by length(account.email), account.email`.execute(db)
  return rows
}

async function readReport(
  db: Database,
  by_doctor: ClinicReport['by_doctor'],
  now: Temporal.Instant,
): Promise<ClinicReport> {
  // In the words of that system, where what waits for the patient's word is scheduled.
  const { rows } = await sql<{ status: string; past: number; upcoming: number }>`
    select case a.state when 'pending' then 'scheduled' else a.state end as status, count(*) filter (where a.starts_at < ${now})::integer as past,
      count(*) filter (where a.starts_at >= ${now})::integer as upcoming
    from appointments a join organizations o on o.id = a.organization_id
    where o.slug = 'clinic' group by 1 order by 1`.execute(db)
  const { rows: patients } = await sql<{ count: number }>`
    select count(*)::integer as count from clients c join organizations o on o.id = c.organization_id
    where o.slug = 'clinic'`.execute(db)
  const sum = (of: 'past' | 'upcoming') => rows.reduce((total, row) => total + row[of], 0)
  const [past, upcoming] = [sum('past'), sum('upcoming')]
  const by_status = Object.fromEntries(rows.map((row) => [row.status, row.past + row.upcoming]))
  return {
    made_at: now.toString(),
    doctors: by_doctor.length,
    patients: patients[0]!.count,
    appointments: { total: past + upcoming, past, upcoming, by_status },
    by_doctor,
  }
}
