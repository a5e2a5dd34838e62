import autocannon from 'autocannon'
import { type Api, v1 } from './requests.ts'
import type { Sample } from './samples.ts'
import type { BenchServer } from './servers.ts'

const CONNECTIONS = 64
const PAGE_CONNECTIONS = 4
// Autocannon looks so often whether all was answered; once a second by default.
const LOOK_MS = 10

/** How many secrets to create: as many as are possible in some seconds, or a number of them. */
export type Extent = { readonly duration: number } | { readonly amount: number }

/** How to load a server. */
export interface LoadOptions {
  readonly api?: Api
  readonly connections?: number
}

/** How to create secrets under load. */
export interface CreateOptions extends LoadOptions {
  /** Receives the secret keys, where they are wanted. */
  readonly keys?: string[]
}

/** Creates secrets on all connections, each of which sends its next request when it has the answer. */
export function createSecrets(
  server: BenchServer,
  extent: Extent,
  { api = v1, connections = CONNECTIONS, keys }: CreateOptions = {},
): Promise<Sample> {
  const onResponse = (status: number, body: string) => {
    const key = status === 200 ? api.keyIn.exec(body)?.[1] : undefined
    if (key !== undefined) keys?.push(key)
  }
  const { headers, create } = api
  return load(server, {
    connections,
    ...extent,
    requests: [{ method: 'POST', headers, ...create, ...(keys && { onResponse }) }],
  })
}

/** Reveals each of the secrets once, in the same way. */
export function revealSecrets(
  server: BenchServer,
  keys: readonly string[],
  { api: { headers, reveal } = v1, connections = CONNECTIONS }: LoadOptions = {},
): Promise<Sample> {
  let next = 0
  const setupRequest = (request: autocannon.Request) => {
    next += 1
    return { ...request, headers, path: reveal.path(keys[next - 1] ?? '') }
  }
  return load(server, {
    // Each has to send one at least.
    connections: Math.min(connections, keys.length),
    amount: keys.length,
    requests: [{ method: 'POST', ...(reveal.body !== undefined && { body: reveal.body }), setupRequest }],
  })
}

/** What a browser sends for a page. A form is answered by a redirect. */
export type PageRequest = Pick<autocannon.Request, 'path' | 'headers' | 'body'> & {
  readonly method: 'GET' | 'POST'
}

/** Loads a page again and again on a few connections. */
export function loadPage(server: BenchServer, request: PageRequest, duration: number): Promise<Sample> {
  const expected = request.method === 'GET' ? '2xx' : '3xx'
  return load(server, { connections: PAGE_CONNECTIONS, duration, requests: [request] }, expected)
}

async function load(
  server: BenchServer,
  options: Omit<autocannon.Options, 'url'>,
  expected: '2xx' | '3xx' = '2xx',
): Promise<Sample> {
  const [cpu, began] = [server.cpu(), performance.now()]
  const result = await autocannon({ url: server.url, sampleInt: LOOK_MS, ...options })
  const seconds = (performance.now() - began) / 1000
  const used = server.cpu() - cpu
  const answered = result[expected]
  const others = result['2xx'] + result.non2xx - answered
  if (result.errors > 0 || others > 0) {
    throw new Error(`${result.errors} errors and ${others} other answers under load`)
  }
  if (answered === 0) throw new Error('no answer during a whole load: this needs longer ones (--seconds)')
  const { p50, p99, p99_9 } = result.latency
  return { rate: answered / seconds, cpu: (used * 1e6) / answered, p50, p99, p999: p99_9 }
}
