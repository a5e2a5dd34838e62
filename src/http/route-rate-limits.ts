import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { RateLimited, RateLimiter } from './rate-limiter.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The rate limit that requests to the route count against; each route names one. */
    rateLimit?: RateLimited | 'none'
  }
}

/** Counts each request, before its handler, against the rate limit that its route names in its `config`. */
export const rateLimits = fp(
  async (app: FastifyInstance, { limiter }: { limiter: RateLimiter }) => {
    app.addHook('onRoute', ({ method, url, config }) => {
      if (config?.rateLimit === undefined)
        throw new Error(`${method} ${url} names no rate limit in its config`)
    })
    app.addHook('preHandler', async (request) => {
      const { rateLimit = 'none' } = request.routeOptions.config
      if (rateLimit !== 'none') await limiter(rateLimit, request.caller)
    })
  },
  { name: 'rate-limits', dependencies: ['request-caller'] },
)
