import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { RateLimited, RateLimiter } from './rate-limiter.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The rate limit that applies to the route. Every route must set it. */
    rateLimit?: RateLimited | 'none'
  }
}

/** Enforces, before each handler, the rate limit in its route's `config`. A route without one fails at registration. */
export const rateLimits = fp(
  async (app: FastifyInstance, { limiter }: { limiter: RateLimiter }) => {
    app.addHook('onRoute', ({ method, url, config }) => {
      if (config?.rateLimit === undefined) throw new Error(`${method} ${url} has no rate limit in its config`)
    })
    app.addHook('preHandler', async (request) => {
      const { rateLimit = 'none' } = request.routeOptions.config
      if (rateLimit !== 'none') await limiter(rateLimit, request.caller)
    })
  },
  { name: 'rate-limits', dependencies: ['request-caller'] },
)
