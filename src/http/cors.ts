import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** The origins whose pages may call the API, each as a browser writes it, or `*` for all. */
export type AllowedOrigins = '*' | readonly string[]

const METHODS = 'GET, HEAD, POST, PATCH'
// In addition to those that the Fetch standard always allows.
const REQUEST_HEADERS = 'Authorization, Content-Type, X-Onetime-Client'
const RESPONSE_HEADERS = 'Retry-After, X-OTS-Intended-Status, X-Request-Id'
/** How long a browser may remember an answer to its preflight, in seconds. */
const MAX_AGE = 600

/**
 * Lets pages of other origins call the routes below a prefix, and read all responses, errors too. Cookies are never
 * allowed: a page can only use an API token that it has itself. Source: Fetch standard, section 3.2.
 *
 * Not `@fastify/cors`: its headers are missing on errors of earlier hooks, such as a 503 at shutdown, it rejects OPTIONS
 * without Origin, and the route that it adds has no rate limit in its config.
 */
export const cors = fp(
  async (app: FastifyInstance, { origins }: { readonly origins: AllowedOrigins }) => {
    app.addHook('onSend', ({ method, headers }, reply, _payload, done) => {
      const allowed = allowedOrigin(origins, headers.origin)
      // Also without an allowed origin, or a cache would answer one origin with the response to another.
      if (origins !== '*') reply.header('vary', 'Origin')
      if (allowed !== undefined) reply.headers(method === 'OPTIONS' ? preflight(allowed) : actual(allowed))
      done()
    })
    // Whatever the route: it is the request that follows which meets its checks. Not the bare prefix, which is a page.
    app.options('/:version/*', { schema: { hide: true }, config: { rateLimit: 'none' } }, (_request, reply) =>
      reply.code(204).send(),
    )
  },
  { name: 'cors' },
)

function allowedOrigin(origins: AllowedOrigins, origin: string | undefined): string | undefined {
  if (origins === '*') return '*'
  return origin !== undefined && origins.includes(origin) ? origin : undefined
}

function preflight(origin: string) {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': MAX_AGE,
  }
}

function actual(origin: string) {
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': RESPONSE_HEADERS }
}
