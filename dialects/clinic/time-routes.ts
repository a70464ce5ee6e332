import type { App } from '../../server/http/routes.ts'
import { ref } from '../../server/shapes.ts'
import { ServerTime } from './shapes.ts'

/** /time: so that clients can set their clocks by it. */
export function timeRoutes(app: App): void {
  app.get(
    '/time/now',
    {
      config: { may: 'everyone' },
      schema: { summary: 'What time it is', response: { 200: ref(ServerTime) } },
    },
    ({ now }) => ({ server_utc: now.toString() }),
  )
}
