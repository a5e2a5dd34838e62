import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { DomainError } from '../errors.ts'
import type { UndecodedBody } from './bodies.ts'
import { parseJson, parseParts, parseUrlencoded } from './decode-params.ts'
import { NO_PARAMS, type Params } from './params.ts'

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
  const body = request.isMultipart() ? parseParts(await readParts(request)) : decodeBody(request.body)
  return body.withDefaults(query)
}

function decodeBody(body: unknown): Params {
  const undecoded = body as UndecodedBody
  if (undecoded === undefined) return NO_PARAMS
  if ('text' in undecoded) return parseUrlencoded(undecoded.text)
  return undecoded.json.length === 0 ? NO_PARAMS : parseJson(undecoded.json)
}

async function readParts(request: FastifyRequest): Promise<[string, Buffer][]> {
  const { RequestFileTooLargeError } = request.server.multipartErrors
  const parts: [string, Buffer][] = []
  let left = request.routeOptions.bodyLimit ?? 0
  try {
    for await (const part of request.files()) {
      const bytes = await part.toBuffer()
      left -= bytes.length
      if (left < 0) throw new RequestFileTooLargeError()
      // The type is wrong: a part may have no name.
      parts.push([part.fieldname ?? '', bytes])
    }
  } catch (cause) {
    if (cause instanceof RequestFileTooLargeError) throw cause
    throw new DomainError('malformed_request', { cause })
  }
  return parts
}
