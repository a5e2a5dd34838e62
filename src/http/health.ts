import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { DomainError } from '../errors.ts'

/** What readiness depends on. */
export interface HealthContext {
  /** Resolves when the store accepts writes. */
  readonly ready: () => Promise<void>
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
 * accepts requests and the store accepts writes; otherwise 503 with the reason.
 */
export const healthRoutes: FastifyPluginAsync<HealthContext> = async (app, { ready, stopping }) => {
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
    handler: async (_request, reply) => {
      const reason = stopping() ? 'shutting_down' : await reasonNotReady(ready)
      if (reason === undefined) return { status: 'ready' }
      return reply.code(503).send({ status: 'unavailable', reason })
    },
  })
}

async function reasonNotReady(ready: () => Promise<void>): Promise<string | undefined> {
  try {
    await ready()
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
}
