import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** A sent response, for metrics. */
export interface SentResponse {
  readonly method: string
  /** The route's pattern, never the path; `none` when no route matched. */
  readonly route: string
  readonly status: number
  /** The status that a client error of v1 has in `X-OTS-Intended-Status`, where it is always 404; else the same as `status`. */
  readonly intended: number
  readonly seconds: number
}

/** Is called for each sent response. Must not throw. */
export type ResponseObserver = (response: SentResponse) => void

/** Calls an observer for each sent response. */
export const responseObserver = fp(
  async (app: FastifyInstance, { onResponse }: { onResponse: ResponseObserver }) => {
    app.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url
      onResponse({
        // A route has few methods. Without a route, clients could make up any number of label values.
        method: route === undefined ? 'any' : request.method,
        route: route ?? 'none',
        status: reply.statusCode,
        intended: Number(reply.getHeader('x-ots-intended-status') ?? reply.statusCode),
        seconds: reply.elapsedTime / 1000,
      })
      done()
    })
  },
  { name: 'response-observer' },
)
