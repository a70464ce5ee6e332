import type { Catcher, Twilio } from '../../message-settings.ts'
import type { Outgoing, Sender } from './channel.ts'
import { parsed, post } from './http.ts'

/** Sends SMS through Twilio: clients and providers see a number of their own. */
export function twilio(settings: Twilio, patience_ms?: number): Sender {
  const { account_sid, auth_token, base_url, from_client, from_provider } = settings
  const credentials = Buffer.from(`${account_sid}:${auth_token}`).toString('base64')
  return {
    service: 'twilio',
    async send({ audience, to, short }: Outgoing) {
      const From = audience === 'provider' ? from_provider : from_client
      const said = await post(`${base_url}/2010-04-01/Accounts/${account_sid}/Messages.json`, {
        headers: {
          authorization: `Basic ${credentials}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ To: to.address, From, Body: short }).toString(),
        patience_ms,
      })
      const { sid, status } = parsed(said)
      return { answer: String(status ?? said), ...(typeof sid === 'string' && { external_id: sid }) }
    },
  }
}

/** Sends SMS to any program that takes POST {to, message, from}. */
export function catcher({ url, from, api_key }: Catcher, patience_ms?: number): Sender {
  return {
    service: 'http',
    async send({ to, short }: Outgoing) {
      const said = await post(url, {
        headers: {
          'content-type': 'application/json',
          ...(api_key && { authorization: `Bearer ${api_key}` }),
        },
        body: JSON.stringify({ to: to.address, message: short, from }),
        patience_ms,
      })
      const { id } = parsed(said)
      return { answer: said.slice(0, 500), ...(typeof id === 'string' && { external_id: id }) }
    },
  }
}
