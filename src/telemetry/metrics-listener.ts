import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { type MetricsPage, MetricsUnavailable } from './metrics-page.ts'

/** A listening server for metrics. */
export interface MetricsListener {
  /** `http://host:port/metrics`. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves `GET /metrics` on a separate address, for Prometheus only.
 *
 * @throws A system error when the address is taken.
 */
export async function serveMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  { type, text }: MetricsPage,
  logger: Logger,
): Promise<MetricsListener> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    text().then(
      (page) => response.writeHead(200, { 'content-type': type }).end(page),
      (error: Error) => {
        const reason = error instanceof MetricsUnavailable ? error.message : 'see the log'
        logger.warn({ reason: error.message }, 'no metrics were served')
        response.writeHead(503, { 'content-type': 'text/plain' }).end(`no metrics: ${reason}\n`)
      },
    )
  })
  server.listen(port, host)
  await once(server, 'listening')
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}/metrics`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
