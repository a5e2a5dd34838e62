import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** An answered request, for those who count it. */
export interface Answer {
  readonly method: string
  /** The pattern of the route, never the path; `none` where no route was met. */
  readonly route: string
  readonly status: number
  readonly seconds: number
}

/** Tells of each answer. */
export const answers = fp(
  async (app: FastifyInstance, { answered }: { answered: (answer: Answer) => void }) => {
    app.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url
      answered({
        // A route takes few methods; all others are counted as one.
        method: route === undefined ? 'any' : request.method,
        route: route ?? 'none',
        status: reply.statusCode,
        seconds: reply.elapsedTime / 1000,
      })
      done()
    })
  },
  { name: 'answers' },
)
