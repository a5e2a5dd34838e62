import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy in front of a server. */
export interface ReverseProxy {
  readonly url: string
  stop(): Promise<void>
}

/**
 * Starts a proxy that passes requests on while they arrive, on a connection for each, as nginx does, and answers 502 when the
 * server breaks one.
 *
 * @param target The address of the server.
 */
export async function startReverseProxy(target: string): Promise<ReverseProxy> {
  const { hostname, port } = new URL(target)
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    const options = {
      hostname,
      port,
      method,
      path,
      headers: { ...headers, connection: 'close' },
      agent: false,
    }
    const passedOn = request(options)
    passedOn.on('response', (response) => {
      outgoing.writeHead(response.statusCode ?? 0, response.headers)
      response.pipe(outgoing)
    })
    passedOn.on('error', () => {
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(502).end('Bad Gateway')
    })
    incoming.pipe(passedOn)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}
