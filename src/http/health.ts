import type { FastifyInstance, FastifyRequest } from 'fastify'
import { DomainError } from '../errors.ts'

/** Probes for orchestrators. */
export interface Probes {
  /** Settles when the store accepts writes. */
  readonly ready: () => Promise<void>
  /** @returns Whether the server has been told to stop. */
  readonly stopping: () => boolean
}

const PREFIX = '/health/'

/** @returns Whether it is a probe that asks: those are answered to the end. */
export function isProbe(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith(PREFIX) === true
}

/**
 * `GET /health/live` answers while the process lives; `GET /health/ready` is 200 only while it accepts work and the
 * store accepts writes, else 503 with the reason.
 */
export function healthRoutes(app: FastifyInstance, { ready, stopping }: Probes): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: `${PREFIX}live`,
    handler: async () => ({ status: 'live' }),
  })
  app.route({
    method: ['GET', 'HEAD'],
    url: `${PREFIX}ready`,
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
