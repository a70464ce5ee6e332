import { Type } from 'typebox'
import { Id, Instant, nullable, shape, strict } from '../shapes.ts'
import type { Feed } from './feeds.ts'

export const CalendarQuery = strict({
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  provider_id: Type.Optional(Id),
  location_id: Type.Optional(Id),
})
export const ICalendar = {
  description: 'RFC 5545',
  content: { 'text/calendar': { schema: Type.String() } },
}

export const FeedShape = shape('CalendarFeed', strict({ exists: Type.Boolean(), made_at: nullable(Instant) }))
export const MadeFeed = shape(
  'MadeCalendarFeed',
  strict({
    url: Type.String({ description: 'Told this once: a path, secret, that opens without a log-in' }),
    made_at: Instant,
  }),
)

export function viewFeed(feed: Feed | undefined) {
  return { exists: feed !== undefined, made_at: feed?.made_at.toString() ?? null }
}

export function viewMadeFeed({ token, made_at }: Feed & { token: string }) {
  return { url: `/api/v1/calendar/feeds/${token}.ics`, made_at: made_at.toString() }
}
