import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { DomainError } from '../errors.ts'

/** What readiness depends on. */
export interface HealthContext {
  /** Settles when the store accepts writes. */
  readonly ready: () => Promise<void>
  /** Whether the server shuts down. */
  readonly stopping: () => boolean
}

const PREFIX = '/health/'

/** Whether a request asks for the server's health: that is answered until the server has shut down. */
export function isHealthCheck(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith(PREFIX) === true
}

/**
 * Adds `GET /health/live`, 200 while the process lives, and `GET /health/ready`, 200 only while the server accepts
 * requests and the store accepts writes, else 503 with the reason.
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
