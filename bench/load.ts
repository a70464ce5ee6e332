import { Agent, request } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

export interface LoadRequest {
  method: string
  path: string
  token?: string
  body?: object
}

export interface LoadResult {
  seconds: number
  per_second: number
  p50: number
  p99: number
  /** How often each status was answered. */
  statuses: Record<number, number>
}

/** Sends requests, so many in flight, over connections that are kept; milliseconds. */
export async function load(address: string, requests: LoadRequest[], in_flight: number): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: in_flight })
  const times: number[] = []
  const statuses: Record<number, number> = {}
  let next = 0
  const began = performance.now()
  const sender = async () => {
    for (let request = requests[next++]; request; request = requests[next++]) {
      const start = performance.now()
      const status = await send(agent, address, request)
      times.push(performance.now() - start)
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: in_flight }, sender))
  const seconds = (performance.now() - began) / 1000
  agent.destroy()
  times.sort((one, other) => one - other)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { seconds, per_second: requests.length / seconds, p50: at(0.5), p99: at(0.99), statuses }
}

function send(agent: Agent, address: string, { method, path, token, body }: LoadRequest): Promise<number> {
  const payload = body && JSON.stringify(body)
  const headers = {
    'x-organization': 'bench',
    ...(token && { authorization: `Bearer ${token}` }),
    ...(payload && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
  }
  return new Promise((resolve, reject) => {
    const sent = request(address + path, { method, agent, headers }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode!))
    })
    sent.on('error', reject)
    sent.end(payload)
  })
}

if (parentPort) {
  const { address, requests, in_flight } = workerData as {
    address: string
    requests: LoadRequest[]
    in_flight: number
  }
  parentPort.postMessage(await load(address, requests, in_flight))
}
