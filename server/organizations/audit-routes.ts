import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import {
  FreeText,
  Id,
  Instant,
  instantIn,
  nullable,
  pageOf,
  pageQuery,
  ref,
  shape,
  strict,
} from '../shapes.ts'
import { readAuditLog } from './audit.ts'

const Recorded = nullable(Type.Record(Type.String(), Type.Unknown()))
const AuditEntryShape = shape(
  'AuditEntry',
  strict({
    id: Id,
    actor_id: nullable(Id),
    actor_name: nullable(Type.String()),
    action: Type.String(),
    subject_kind: Type.String(),
    subject_id: Id,
    before: Recorded,
    after: Recorded,
    happened_at: Instant,
  }),
)
const AuditPage = pageOf('AuditPage', AuditEntryShape)
const AuditQuery = strict({
  ...pageQuery,
  actor_id: Type.Optional(Id),
  subject_id: Type.Optional(Id),
  subject_kind: Type.Optional(FreeText(50)),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
})

/** /audit-log: who changed what of the organization itself. */
export function auditRoutes(app: App): void {
  app.get(
    '/audit-log',
    {
      config: { may: 'audit:read' },
      schema: { querystring: AuditQuery, response: { 200: ref(AuditPage) } },
    },
    async ({ db, organization, query }) => {
      const between = { from: instantIn(query.from), to: instantIn(query.to) }
      const { items, next_cursor } = await readAuditLog(db, organization.id, { ...query, ...between })
      return { items: items.map(view), next_cursor }
    },
  )
}

function view({
  organization_id,
  happened_at,
  ...entry
}: Awaited<ReturnType<typeof readAuditLog>>['items'][number]) {
  return { ...entry, happened_at: happened_at.toString() }
}
