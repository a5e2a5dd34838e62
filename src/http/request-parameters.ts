import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { UndecodedBody } from './bodies.ts'
import { parseJson, parseParts, parseUrlencoded } from './decode-params.ts'
import { splitMultipart } from './multipart.ts'
import { NO_PARAMS, Params } from './params.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Returns the parameters of the body and the query string; the body takes precedence. May be called more than once.
     * Source: docs/api/v1.md section 1.
     *
     * @throws DomainError `malformed_request` when they cannot be decoded.
     */
    parameters(): Promise<Params>
    /** What `parameters` returns, once it has been called. */
    decodedParameters: Promise<Params> | undefined
  }
}

/** Decorates requests with `parameters()`, which decodes on the first call. */
export const parameters = fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('decodedParameters', undefined)
    app.decorateRequest('parameters', function (this: FastifyRequest) {
      this.decodedParameters ??= decode(this)
      return this.decodedParameters
    })
  },
  { name: 'parameters', dependencies: ['bodies'] },
)

async function decode(request: FastifyRequest): Promise<Params> {
  const { text } = request.query as { text: string }
  const query = text === '' ? NO_PARAMS : parseUrlencoded(text)
  try {
    const body = decodeBody(request)
    return (body instanceof Params ? body : await body).withDefaults(query)
  } catch (error) {
    // A caller beyond the rate limit of the route is rejected for that.
    await request.admission?.count()
    await request.server.unreadableBodies.count(request.caller)
    throw error
  }
}

function decodeBody({ body, headers }: FastifyRequest): Params | Promise<Params> {
  const undecoded = body as UndecodedBody
  if (undecoded === undefined) return NO_PARAMS
  if ('text' in undecoded) return parseUrlencoded(undecoded.text)
  if ('json' in undecoded) return undecoded.json.length === 0 ? NO_PARAMS : parseJson(undecoded.json)
  const { multipart } = undecoded
  if (multipart.length === 0) return NO_PARAMS
  return splitMultipart(multipart, headers['content-type'] ?? '').then(parseParts)
}
