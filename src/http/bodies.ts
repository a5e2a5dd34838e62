import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { DomainError } from '../errors.ts'
import { NO_PARAMS, type Params, parseJson, parseParts, parseUrlencoded } from './params.ts'

const MAX_PARTS = 100

// A byte of a secret takes six in a body where JSON escapes it; the rest is for the other parameters.
const ESCAPED_BYTES = 6
const OTHER_PARAMETERS_BYTES = 65_536

/**
 * Reads every way in which the clients send a body. What a body says is not looked at before `readParams`, so that
 * a fault in it is an ordinary error of the route.
 */
export const bodies = fp(
  async (app: FastifyInstance, { secretMaxBytes }: { secretMaxBytes: number }) => {
    const maxBytes = secretMaxBytes * ESCAPED_BYTES + OTHER_PARAMETERS_BYTES
    app.removeAllContentTypeParsers()
    app.addHook('onRoute', (route) => {
      route.bodyLimit = maxBytes
    })
    await app.register(formbody, { parser: (text) => ({ text }) })
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, { json: body }),
    )
    await app.register(multipart, {
      limits: { fileSize: maxBytes, parts: MAX_PARTS },
      isPartAFile: () => true,
    })
    app.addHook('onRequest', (request, _reply, done) => {
      const { headers } = request.raw
      headers['content-type'] = effectiveType(headers['content-type'])
      done()
    })
  },
  { name: 'bodies' },
)

/**
 * @returns The parameters of the query string under those of the body. Source: v1-api section 1.
 * @throws DomainError `malformed_request` when either can't be decoded.
 */
export async function readParams(request: FastifyRequest): Promise<Params> {
  const { text } = request.query as { text: string }
  const query = text === '' ? NO_PARAMS : parseUrlencoded(text)
  return query.under(await readBody(request))
}

async function readBody(request: FastifyRequest): Promise<Params> {
  if (request.isMultipart()) return parseParts(await readParts(request))
  const body = request.body as { text?: string; json?: Buffer } | undefined
  if (body?.text) return parseUrlencoded(body.text)
  if (body?.json?.length) return parseJson(body.json)
  return NO_PARAMS
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
      // The name is undefined where a part has none, whatever its type says.
      parts.push([part.fieldname ?? '', bytes])
    }
  } catch (cause) {
    if (cause instanceof RequestFileTooLargeError) throw cause
    throw new DomainError('malformed_request', { cause })
  }
  return parts
}

// A type that is missing, is not one of ours or says too little is read as urlencoded, as such clients send that.
function effectiveType(given = ''): string {
  const type = given.split(';', 1)[0]?.trim().toLowerCase()
  if (type === 'multipart/form-data' && /;\s*boundary=/i.test(given)) return given
  return type === 'application/json' ? type : 'application/x-www-form-urlencoded'
}
