import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { DomainError } from '../errors.ts'

/** The state of a store that works. */
interface Readiness {
  /** Why it stores nothing new, when it is full. */
  readonly full?: string
  /** Why it must not be used although it works. */
  readonly unfit?: string
  /** Ways in which it may evict unread secrets, let them expire at the wrong time or bring revealed ones back. */
  readonly warnings: readonly string[]
}

/** What readiness depends on. */
export interface HealthContext {
  /** Resolves when secrets can be read and claimed. */
  readonly ready: () => Promise<Readiness>
  /** Whether the server is shutting down. */
  readonly stopping: () => boolean
}

const PREFIX = '/health/'

/** Tells whether a request is a health check, which the server still answers while it shuts down. */
export function isHealthCheck(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith(PREFIX) === true
}

/**
 * Adds the health routes. `GET /health/live` is 200 while the process runs. `GET /health/ready` is 200 while the server
 * accepts requests and secrets can be read and claimed; otherwise 503 with the reason. A full store is ready, so that it
 * drains.
 */
export const healthRoutes: FastifyPluginAsync<HealthContext> = async (app, { ready, stopping }) => {
  // Probes come every few seconds.
  let isLogged = false
  app.route({
    method: ['GET', 'HEAD'],
    url: `${PREFIX}live`,
    config: { rateLimit: 'none' },
    handler: async () => ({ status: 'live' }),
  })
  app.route({
    method: ['GET', 'HEAD'],
    url: `${PREFIX}ready`,
    config: { rateLimit: 'none' },
    handler: async (request, reply) => {
      if (stopping()) return reply.code(503).send(unavailable('shutting_down'))
      try {
        const readiness = await ready()
        isLogged = false
        if (readiness.unfit !== undefined) return reply.code(503).send(unavailable(readiness.unfit))
        return describe(readiness)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        if (!isLogged) request.log.error({ err: error }, 'not ready')
        isLogged = true
        const { reason = error.code } = error.detail as { readonly reason?: string }
        return reply.code(503).send(unavailable(reason))
      }
    },
  })
}

function unavailable(reason: string) {
  return { status: 'unavailable', reason }
}

function describe({ full, warnings }: Readiness) {
  return {
    status: 'ready',
    ...(full !== undefined && { writes: 'refused', reason: `store_full: ${full}` }),
    ...(warnings.length > 0 && { warnings }),
  }
}
