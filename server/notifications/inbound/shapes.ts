import { Type } from 'typebox'
import { Id, Instant, nullable, pageOf, pageQuery, shape, strict } from '../../shapes.ts'
import type { InboundMessage } from './list.ts'

const Text = Type.String()

export const InboundShape = shape(
  'InboundMessage',
  strict({
    id: Id,
    sender: Text,
    receiver: nullable(Text),
    content: Text,
    person_id: nullable(Type.String({ description: 'Whose phone it is, where it is known' })),
    appointment_id: nullable(Id),
    command: nullable(
      Type.String({ description: 'What was understood: confirm, cancel, stop, start, help' }),
    ),
    outcome: Type.String({ description: 'What came of it; the code of the refusal, where it was refused' }),
    reply: Text,
    external_id: nullable(Type.String({ description: 'By which its provider knows it' })),
    received_at: Instant,
  }),
)
export const InboundPage = pageOf('InboundMessagePage', InboundShape)
export const InboundQuery = strict({ ...pageQuery, appointment_id: Type.Optional(Id) })

export function viewInbound({ organization_id, received_at, ...message }: InboundMessage) {
  return { ...message, received_at: received_at.toString() }
}
