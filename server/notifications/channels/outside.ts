import dns, { type LookupAddress, type LookupAllOptions } from 'node:dns'
import { request } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Unclear, Unreachable } from './channel.ts'
import type { Said } from './http.ts'

const PATIENCE_MS = 15_000

/** What is not the public internet: this machine, its neighbours, and addresses that mean others (RFC 6890). */
const inside = { ipv4: new BlockList(), ipv6: new BlockList() }
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  inside.ipv4.addSubnet(network, bits, 'ipv4')
}
for (const [network, bits] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const) {
  inside.ipv6.addSubnet(network, bits, 'ipv6')
}

/** Whether an address is one that anybody on the internet may have: nothing that somebody names leads us to our own. */
export function isOutside(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  // Each has a list of its own: to one list, every IPv4 address is also a mapped one.
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  return !inside[kind].check(address, kind)
}

/** Whether somebody may give us this address to call: https, and no name or number of our own network. */
export function mayBeCalled(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, username, password } = new URL(url)
  if (protocol !== 'https:' || username || password) return false
  const host = hostname.replace(/^\[|\]$|\.$/g, '')
  if (isIP(host) !== 0) return isOutside(host)
  return host.includes('.') && !/\.(local|localhost|internal|home\.arpa)$/i.test(host)
}

/**
 * POSTs to an address that somebody gave us. Its name is looked up for this one connection and must then be outside: a
 * name that meant something else when it was given helps nobody. Follows no redirect, and waits so long and no longer,
 * however slowly it is answered.
 */
export async function postOutside(
  url: string,
  headers: Record<string, string>,
  body: Uint8Array,
  { patience_ms = PATIENCE_MS, resolve: resolver = dns.lookup as Resolve } = {},
): Promise<Said> {
  if (!mayBeCalled(url)) throw new Unreachable('This address is not one that may be called.')
  const { promise, resolve, reject } = Promise.withResolvers<Said>()
  // A connection that was kept would be one to where the name led before.
  const options = { method: 'POST', agent: false, lookup: outsideOnly(resolver), headers }
  const signal = AbortSignal.timeout(patience_ms)
  const asking = request(url, { ...options, signal }, (answer) => {
    let text = ''
    answer.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(0, 500)))
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    answer.on('error', (error) => reject(new Unclear(error.message)))
  })
  let isConnected = false
  asking.on('socket', (socket) => socket.on('secureConnect', () => (isConnected = true)))
  asking.on('error', ({ message }) => reject(isConnected ? new Unclear(message) : new Unreachable(message)))
  asking.end(body)
  return promise
}

type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

function outsideOnly(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const strange = addresses.find(({ address }) => !isOutside(address))
      if (strange)
        return callback(new Error(`${hostname} leads to ${strange.address}, inside our network`), [])
      if (options.all) return callback(null, addresses)
      callback(null, addresses[0]!.address, addresses[0]!.family)
    })
  }
}
