import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { DomainError } from '../errors.ts'

/**
 * Writes objects to the log without anything that may carry a key, an address or a link: of a request the method, of an
 * error its kind and place, and a message only where its author is known.
 */
export const serializers = {
  req: ({ method }: { method: string }) => ({ method }),
  res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
  err: describeError,
  // @fastify/multipart writes all headers of a request under this name.
  busboyOptions: () => undefined,
}

/** Logs a line for each response at `debug`, with the pattern of the route and never its path. */
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
    // Stores and SMTP servers word their failures themselves; their adapters remove keys and addresses.
    reason: error instanceof DomainError && cause instanceof Error ? cause.message : undefined,
    at: frames?.slice(0, 8).map((line) => line.trim()),
  }
}
