import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

const MAX_PARTS = 100

// A byte of a secret takes six in a body where JSON escapes it; the rest is for the other parameters.
const ESCAPED_BYTES = 6
const OTHER_PARAMETERS_BYTES = 65_536

/** A body that has been read and not yet decoded; undefined when there is none, or it comes in parts. */
export type UndecodedBody = { readonly text: string } | { readonly json: Buffer } | undefined

/**
 * Reads every kind of body that clients send. It is decoded by `request.parameters()`, so that malformed content is an
 * ordinary error of the route. Source: docs/api/v1.md section 1.
 *
 * @param secretMaxBytes Maximum size of a secret, by which bodies are limited too.
 */
export const bodies = fp(
  async (app: FastifyInstance, { secretMaxBytes }: { secretMaxBytes: number }) => {
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
    // Clients that name no type, or an unknown one, send forms.
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, { text }))
    app.addHook('onRequest', (request, _reply, done) => {
      if (hasUnusableType(request)) request.headers = { 'content-type': undefined }
      done()
    })
  },
  { name: 'bodies' },
)

/**
 * Whether a Content-Type names no type: it is malformed, or lacks the boundary without which parts cannot be told apart.
 * Fastify answers 415 to the one before it asks any parser, and multipart fails on the other.
 */
function hasUnusableType({ mediaType, headers: { 'content-type': given } }: FastifyRequest): boolean {
  if (given === undefined) return false
  return mediaType === undefined || (mediaType === 'multipart/form-data' && !/;\s*boundary=/i.test(given))
}
