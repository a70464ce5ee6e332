import { lookup } from 'node:dns'
import { request } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Unclear, Unreachable } from './channel.ts'

const PATIENCE_MS = 15_000

/** What is not the public internet: this machine, its neighbours, and addresses that mean others (RFC 6890). */
const inside = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  inside.addSubnet(network, bits, 'ipv4')
}
for (const [network, bits] of [
  ['::', 127],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  inside.addSubnet(network, bits, 'ipv6')
}

/** Whether an address is one that anybody on the internet may have: nothing that somebody names leads us to our own. */
export function isOutside(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && !inside.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** Whether somebody may give us this address to call: https, and no name or number of our own network. */
export function mayBeCalled(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, username, password } = new URL(url)
  if (protocol !== 'https:' || username || password) return false
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) return isOutside(host)
  return host.includes('.') && !/\.(local|localhost|internal|home\.arpa)\.?$/i.test(host)
}

export interface Said {
  status: number
  text: string
}

/**
 * POSTs to an address that somebody gave us. Its name is looked up for this one connection and must then be outside: a
 * name that meant something else when it was given helps nobody. Follows no redirect.
 */
export function postOutside(
  url: string,
  headers: Record<string, string | number>,
  body: Buffer | null,
): Promise<Said> {
  const { promise, resolve, reject } = Promise.withResolvers<Said>()
  if (!mayBeCalled(url)) throw new Unreachable('This address is not one that may be called.')
  const options = { method: 'POST', headers, timeout: PATIENCE_MS, lookup: lookupOutside }
  const asking = request(url, options, (answer) => {
    let text = ''
    answer.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(0, 500)))
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    answer.on('error', (error) => reject(new Unclear(error.message)))
  })
  asking.on('timeout', () => asking.destroy(new Error('it does not answer')))
  asking.on('error', (error) => reject(new Unreachable(error.message)))
  asking.end(body ?? undefined)
  return promise
}

const lookupOutside: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, [])
    const strange = addresses.find(({ address }) => !isOutside(address))
    if (strange) return callback(new Error(`${hostname} leads to ${strange.address}, inside our network`), [])
    if (options.all) return callback(null, addresses)
    callback(null, addresses[0]!.address, addresses[0]!.family)
  })
}
