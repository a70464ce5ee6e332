import type { Log } from '../../database/connect.ts'
import { NotSent, type Outgoing, type Sender } from './channel.ts'

/** Where nothing is set up to send a message, it is written to the log, its link included: somebody must be able to begin. */
export function logged(log: Log, channel: 'email' | 'sms' | 'push'): Sender {
  return {
    service: 'log',
    async send({ to, subject, text, short }: Outgoing) {
      const said = channel === 'email' ? { subject, text } : { text: short }
      log.info({ channel, to: to.address, ...said }, 'message: nothing is set up that would send it')
      return { answer: 'Written to the log: nothing is set up that would send it.' }
    },
  }
}

/** Sends nothing, and says so. */
export function switchedOff(): Sender {
  return {
    service: 'off',
    async send() {
      throw new NotSent('SMS are switched off (SMS_ENABLED=false).')
    },
  }
}
