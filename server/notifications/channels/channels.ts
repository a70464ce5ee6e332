import type { Log } from '../../database/connect.ts'
import type { MessageSettings } from '../../message-settings.ts'
import type { Channel } from '../kinds.ts'
import type { Sender } from './channel.ts'
import { logged, switchedOff } from './log.ts'
import { push, type VapidKeys } from './push.ts'
import { resend } from './resend.ts'
import { catcher, twilio } from './sms.ts'
import { smtp } from './smtp.ts'

/** What each channel is spoken through, as the settings say. */
export function openChannels(settings: MessageSettings, keys: VapidKeys, log: Log): Record<Channel, Sender> {
  return {
    email: emailSender(settings.email) ?? logged(log, 'email'),
    sms: smsSender(settings.sms) ?? logged(log, 'sms'),
    push: push(settings.push, keys),
  }
}

function emailSender(settings: MessageSettings['email']): Sender | undefined {
  if (settings.service === 'smtp') return smtp(settings)
  if (settings.service === 'resend') return resend(settings)
  return undefined
}

function smsSender(settings: MessageSettings['sms']): Sender | undefined {
  if (settings.service === 'twilio') return twilio(settings)
  if (settings.service === 'http') return catcher(settings)
  return settings.service === 'off' ? switchedOff() : undefined
}
