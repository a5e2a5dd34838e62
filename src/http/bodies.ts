import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

const MAX_PARTS = 100
const SNIFFED_BYTES = 256

// JSON may escape one byte of a secret as six. The rest is for the other parameters.
const ESCAPED_BYTES = 6
const OTHER_PARAMETERS_BYTES = 65_536

/** A body that is read but not decoded; undefined for an absent or multipart body. */
export type UndecodedBody = { readonly text: string } | { readonly json: Buffer } | undefined

/** How bodies are read. */
interface BodyOptions {
  /** Maximum size of a secret; the maximum size of a body follows from it. */
  readonly secretMaxBytes: number
  /** What a body with no Content-Type, or an unknown one, is taken for; `sniffed` looks at how it begins. */
  readonly otherTypes: 'urlencoded' | 'sniffed'
}

/**
 * Reads every type of body that clients send. `request.parameters()` decodes it later, so that malformed content is an
 * ordinary error of the route. Source: docs/api/v1.md section 1, docs/api/v2.md section 1.
 */
export const bodies = fp(
  async (app: FastifyInstance, { secretMaxBytes, otherTypes }: BodyOptions) => {
    const maxBytes = secretMaxBytes * ESCAPED_BYTES + OTHER_PARAMETERS_BYTES
    app.addHook('onRoute', (route) => {
      route.bodyLimit = maxBytes
    })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, json, done) =>
      done(null, { json }),
    )
    await app.register(formbody, { parser: (text) => ({ text }) })
    await app.register(multipart, {
      limits: { fileSize: maxBytes, parts: MAX_PARTS },
      isPartAFile: () => true,
    })
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
      const isJson = otherTypes === 'sniffed' && beginsLikeJson(body)
      done(null, isJson ? { json: body } : { text: body.toString() })
    })
    app.addHook('onRequest', (request, _reply, done) => {
      if (hasUnusableType(request)) request.headers = { 'content-type': undefined }
      done()
    })
  },
  { name: 'bodies' },
)

/**
 * Tells whether a Content-Type is malformed, or multipart without a boundary. Fastify would reject the first with 415
 * before any parser runs, and multipart would fail on the second.
 */
function hasUnusableType({ mediaType, headers: { 'content-type': given } }: FastifyRequest): boolean {
  if (given === undefined) return false
  return mediaType === undefined || (mediaType === 'multipart/form-data' && !/;\s*boundary=/i.test(given))
}

function beginsLikeJson(body: Buffer): boolean {
  return /^\s*[[{]/.test(body.toString('latin1', 0, SNIFFED_BYTES))
}
