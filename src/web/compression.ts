import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import Negotiator from 'negotiator'
import { causeOf } from '../http/fetch-site.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For whom the page holds a CSRF token or a key; by default, for everyone. */
    confidential?: 'for accounts'
  }
}

const compress = promisify(gzip)

/**
 * Compresses pages, but confidential ones only for requests that no other site can have caused. Beside its CSRF tokens and keys,
 * a page holds what the request put into it: an attacker who causes many requests would learn them from the sizes of the
 * responses (BREACH).
 */
export const compression = fp(
  async (app: FastifyInstance) => {
    app.addHook('onSend', async (request, reply, payload) => {
      if (!isPage(reply.getHeader('content-type'), payload)) return payload
      reply.header('vary', 'accept-encoding, sec-fetch-site')
      if (isConfidential(request) && causeOf(request) !== 'this site') return payload
      if (new Negotiator(request).encoding(['gzip', 'identity']) !== 'gzip') return payload
      reply.header('content-encoding', 'gzip')
      return compress(payload)
    })
  },
  { name: 'compression' },
)

function isPage(type: unknown, payload: unknown): payload is string {
  return typeof payload === 'string' && typeof type === 'string' && type.startsWith('text/html')
}

function isConfidential({ account, routeOptions }: FastifyRequest): boolean {
  return account !== undefined || routeOptions.config?.confidential !== 'for accounts'
}
