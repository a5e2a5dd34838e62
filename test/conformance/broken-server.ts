import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A request as it arrived, or as it is passed on. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** A response as it came, or as it is passed back. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Passes a request on to the sound server. */
export type Forward = (request: Exchange) => Promise<Reply>

/** What a broken server does with a request. */
export type Fault = (request: Exchange, forward: Forward) => Promise<Reply>

/** A server that is sound but for one fault. */
export interface BrokenServer {
  readonly url: string
  /** Replaces the fault. */
  breakBy(fault: Fault): void
  /** Texts that nobody may print: every key and secret that went through. */
  readonly sensitive: ReadonlySet<string>
  /** How many connections it has accepted. */
  readonly connections: () => number
  stop(): Promise<void>
}

const KEY = /"(?:\w*_?key|identifier|value|secret_value|secret_identifier)":"([^"]{4,})"/g
const SECRET = /(?:^|[&?])secret(?:%5Bsecret%5D)?=([^&]{4,})|"secret":"([^"]{4,})"/g

/** Starts a proxy before a sound server. */
export async function startBrokenServer(url: string): Promise<BrokenServer> {
  const sensitive = new Set<string>()
  let fault: Fault = (request, forward) => forward(request)
  const forward: Forward = async (exchange) => {
    for (const [, inForm, inJson] of exchange.body.toString().matchAll(SECRET)) {
      sensitive.add(inForm === undefined ? (inJson ?? '') : decode(inForm))
    }
    const reply = await pass(url, exchange)
    for (const [, text = ''] of reply.text.matchAll(KEY)) sensitive.add(text)
    return reply
  }
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = incoming
    const exchange = {
      method,
      path,
      headers: headers as Record<string, string>,
      body: await buffer(incoming),
    }
    const reply = await fault(exchange, forward).catch(failed)
    outgoing.writeHead(reply.status, reply.headers).end(method === 'HEAD' ? undefined : reply.text)
  }
  let connections = 0
  server.on('connection', () => (connections += 1))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakBy(other) {
      fault = other
    },
    sensitive,
    connections: () => connections,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

// A fault with a bug must not end the process: the test that uses it shows this.
function failed({ message }: Error): Reply {
  return { status: 500, headers: {}, text: `the fault failed: ${message}` }
}

async function pass(url: string, { method, path, headers, body }: Exchange): Promise<Reply> {
  const { hostname, port, host } = new URL(url)
  const { 'content-length': _, ...others } = headers
  const length = body.length > 0 ? { 'content-length': String(body.length) } : {}
  const request = send({ method, hostname, port, path, headers: { ...others, host, ...length } })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const { 'content-length': __, 'transfer-encoding': ___, connection: ____, ...kept } = response.headers
  return {
    status: response.statusCode ?? 0,
    headers: kept as Record<string, string>,
    text: (await buffer(response)).toString(),
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
