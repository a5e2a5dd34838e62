import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { DomainError } from '../errors.ts'

/**
 * Serialises objects for the log without anything that may contain a key, an address or a link: only the method of a
 * request, and only the type, code and stack frames of an error. A message is logged only if our own code wrote it.
 */
export const serializers = {
  req: ({ method }: { method: string }) => ({ method }),
  res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
  err: describeError,
}

/** Logs one line per response at `debug`, with the route's pattern instead of the path, which may contain a key. */
export const requestLog = fp(
  async (app: FastifyInstance) => {
    if (!['debug', 'trace'].includes(app.log.level)) return
    app.addHook('onResponse', (request, reply, done) => {
      request.log.debug(
        {
          reqId: request.id,
          method: request.method,
          route: request.routeOptions.url,
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 100) / 100,
        },
        'answered',
      )
      done()
    })
  },
  { name: 'request-log' },
)

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name, code, stack, cause } = error as Error & { code?: unknown }
  const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line))
  return {
    type: name,
    code,
    // The adapters of stores and SMTP remove keys and addresses from these messages.
    reason: error instanceof DomainError && cause instanceof Error ? cause.message : undefined,
    at: frames?.slice(0, 8).map((line) => line.trim()),
  }
}
