import { Type } from 'typebox'
import { Id, shape } from '../../server/shapes.ts'

export const Text = Type.String()

export const Line = (maxLength: number, minLength = 0) =>
  Type.String({
    minLength,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
    description: `One line, up to ${maxLength} characters`,
  })

export const Day = Type.String({ pattern: '^[12]\\d{3}-\\d\\d-\\d\\d(T.*)?$', description: 'YYYY-MM-DD' })

export const OfficeFailure = shape(
  'OfficeFailure',
  Type.Object({ detail: Type.String({ description: 'What is wrong, and what would be right' }) }),
)

export const Message = shape('OfficeMessage', Type.Object({ message: Text }))

export const times = { created_at: Text, updated_at: Text }

export const Name = Type.String({
  ...Line(100, 1),
  // Of two parts of a name neither is blank, or nobody could tell them apart again.
  pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
})

export const byId = Type.Object({ id: Id })
