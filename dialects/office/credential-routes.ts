import { askForLink, changePassword, resetPassword, verifyEmail } from '../../server/accounts/credentials.ts'
import type { Issuing } from '../../server/accounts/sessions.ts'
import type { App } from '../../server/http/routes.ts'
import { ref } from '../../server/shapes.ts'
import { ChangePasswordBody, EmailBody, NewPasswordBody, TokenBody } from './user-shapes.ts'
import { Message } from './shapes.ts'

const answer = { 200: ref(Message) }

/** /auth: verified addresses and passwords. */
export function credentialRoutes(app: App, { tokens }: Issuing): void {
  const enter = { config: { may: 'account:enter' } } as const

  app.post(
    '/auth/verify-email',
    { ...enter, schema: { summary: 'Verify an address', body: ref(TokenBody), response: answer } },
    async ({ db, body, now }) => {
      await verifyEmail(db, tokens, body.token, now)
      return { message: 'The address is verified.' }
    },
  )

  app.post(
    '/auth/resend-verification',
    { ...enter, schema: { summary: 'Ask for that link again', body: ref(EmailBody), response: answer } },
    async ({ db, organization, body, now }) => {
      await askForLink(db, organization.id, 'account.verification_asked', body.email, now)
      return { message: 'If the address waits to be verified, a message with a link is on its way.' }
    },
  )

  app.post(
    '/auth/request-password-reset',
    { ...enter, schema: { summary: 'Ask for a new password', body: ref(EmailBody), response: answer } },
    async ({ db, organization, body, now }) => {
      await askForLink(db, organization.id, 'account.reset_asked', body.email, now)
      return { message: 'If there is an account with this address, a message with a link is on its way.' }
    },
  )

  for (const path of ['/auth/reset-password', '/auth/set-password']) {
    app.post(
      path,
      {
        ...enter,
        schema: { summary: 'Set a password, by a link', body: ref(NewPasswordBody), response: answer },
      },
      async ({ db, body, now }) => {
        await resetPassword(db, tokens, body, now)
        return { message: 'The password is set. Log in with it.' }
      },
    )
  }

  app.post(
    '/auth/change-password',
    {
      config: { may: 'account:own' },
      schema: { summary: 'Change one’s own password', body: ref(ChangePasswordBody), response: answer },
    },
    async ({ db, actor, body, now }) => {
      await changePassword(db, actor, body, now)
      return { message: 'The password is changed. Every other log-in has ended.' }
    },
  )
}
