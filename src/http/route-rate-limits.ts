import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import fp from 'fastify-plugin'
import { clientNetwork } from './client-network.ts'
import type { RateLimited, RateLimiter } from './rate-limiter.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The rate limit that applies to the route. Every route must set it. */
    rateLimit?: RateLimited | 'none'
  }
}

/** The actions whose use cases count the request themselves, as a rule in the store step that creates or claims the secret. */
const COUNTED_BY_USE_CASE: readonly unknown[] = ['create', 'reveal'] satisfies RateLimited[]

/**
 * Enforces the rate limit in the `config` of each route: before the handler, or by the use case that the handler calls. A
 * request that fails before the use case counts it is counted then. A route without a rate limit fails at registration.
 */
export const rateLimits = fp(
  async (app: FastifyInstance, { limiter }: { limiter: RateLimiter }) => {
    app.addHook('onRoute', (route) => {
      const { method, url, config, handler } = route
      if (config?.rateLimit === undefined) throw new Error(`${method} ${url} has no rate limit in its config`)
      if (COUNTED_BY_USE_CASE.includes(config.rateLimit)) route.handler = countingFailures(handler)
    })
    app.addHook('preHandler', (request, _reply, done) => {
      const { rateLimit = 'none' } = request.routeOptions.config
      if (rateLimit === 'none') return done()
      // Not `request.caller`, which is a new object each time.
      const network = clientNetwork(request.ip, { ipv6: 64 })
      request.admission = limiter(rateLimit, { account: request.account, network })
      if (COUNTED_BY_USE_CASE.includes(rateLimit)) return done()
      request.admission.count().then(() => done(), done)
    })
  },
  { name: 'rate-limits', dependencies: ['request-caller'] },
)

function countingFailures(handler: RouteHandlerMethod): RouteHandlerMethod {
  return async function (request, reply) {
    try {
      return await handler.call(this, request, reply)
    } catch (error) {
      await request.admission?.count()
      throw error
    }
  }
}
