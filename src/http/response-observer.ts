import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** A response that has been sent, for whoever counts them. */
export interface SentResponse {
  readonly method: string
  /** The pattern of the route, never the path; `none` where no route matched. */
  readonly route: string
  readonly status: number
  readonly seconds: number
}

/** Hears of each response. Must not throw. */
export type ResponseObserver = (response: SentResponse) => void

/** Tells an observer of each response. */
export const responseObserver = fp(
  async (app: FastifyInstance, { onResponse }: { onResponse: ResponseObserver }) => {
    app.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url
      onResponse({
        // A route takes few methods; all others are counted as one.
        method: route === undefined ? 'any' : request.method,
        route: route ?? 'none',
        status: reply.statusCode,
        seconds: reply.elapsedTime / 1000,
      })
      done()
    })
  },
  { name: 'response-observer' },
)
