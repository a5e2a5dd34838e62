import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { DomainError } from '../errors.ts'
import type { SizePolicy } from '../sharing/policy.ts'
import { maxBodyBytes, maxReturnedFormBytes } from './body-size.ts'
import { createLargeForms } from './large-forms.ts'
import { hasBoundary } from './multipart.ts'
import { oversized } from './oversized.ts'
import { hasBody, readBody, waitsForContinue } from './read-body.ts'

const SNIFFED_BYTES = 256

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route shows a form again with all that was typed, so that one that is too large is read, too. */
    showsFormAgain?: true
  }
}

/** A body that is read but not decoded; undefined for an absent one. */
export type UndecodedBody =
  | { readonly text: string }
  | { readonly json: Buffer }
  | { readonly multipart: Buffer }
  | undefined

/** How bodies are read. */
interface BodyOptions {
  /** The maximum size of a body follows from that of a secret. */
  readonly policy: SizePolicy
  /** What a body with no Content-Type, or an unknown one, is taken for; `sniffed` looks at how it begins. */
  readonly otherTypes: 'urlencoded' | 'sniffed'
}

/**
 * Reads every type of body that clients send. `request.parameters()` decodes it later, so that malformed content is an
 * ordinary error of the route. A body that is too large is read to its end, within bounds, before it is rejected. Source:
 * docs/api/v1.md sections 1 and 5, docs/api/v2.md section 1.
 */
export const bodies = fp(
  async (app: FastifyInstance, { policy, otherTypes }: BodyOptions) => {
    const maxBytes = maxBodyBytes(policy.secretMaxBytes)
    const returnedBytes = maxReturnedFormBytes(policy.secretMaxBytes)
    const largeForms = createLargeForms()
    app.addHook('onRoute', (route) => {
      route.bodyLimit = route.config?.showsFormAgain ? returnedBytes : maxBytes
    })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, json, done) =>
      done(null, { json }),
    )
    await app.register(formbody, { parser: (text) => ({ text }) })
    app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (_request, multipart, done) =>
      done(null, { multipart }),
    )
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
      const isJson = otherTypes === 'sniffed' && beginsLikeJson(body)
      done(null, isJson ? { json: body } : { text: body.toString() })
    })
    app.addHook('onRequest', (request, _reply, done) => {
      if (hasUnusableType(request)) request.headers = { 'content-type': undefined }
      done()
    })
    app.addHook('preParsing', (request, reply, payload, done) => {
      const { headers } = request
      if (!hasBody(headers)) return done(null, payload)
      app.unreadableBodies.assertAllowed(request)
      // Almost every body, without a promise.
      if (headers.expect === undefined && declaredBytes(headers) <= maxBytes) return done(null, payload)
      readLimited(request, reply).then((body) => done(null, body), done)
    })

    async function readLimited(request: FastifyRequest, reply: FastifyReply): Promise<Readable> {
      try {
        return await limitedBody(request, reply)
      } catch (error) {
        const disconnected = error instanceof DomainError && error.code === 'client_disconnected'
        if (!disconnected) await app.unreadableBodies.count(request.caller)
        throw error
      }
    }

    /** Returns a body of at most the maximum size, or a large form that is to come back. */
    async function limitedBody(request: FastifyRequest, reply: FastifyReply): Promise<Readable> {
      const { raw, headers } = request
      const declared = declaredBytes(headers)
      const comesBack = await admitsLargeForm(request, reply, declared)
      if (waitsForContinue(headers.expect) && raw.httpVersion === '1.1') {
        // The client waits for a word before it sends the body, so none has to be read.
        if (declared > maxBytes && !comesBack) throw oversized(request, { chunks: [] }, policy)
        reply.raw.writeContinue()
      }
      if (declared <= maxBytes || comesBack) return raw
      const body = await readBody(raw, maxBytes)
      if (body.cut) throw oversized(request, body, policy)
      return Readable.from(body.chunks, { objectMode: false })
    }

    /** Tells whether a body above the maximum size is read to be shown again. It counts as a body that cannot be read. */
    async function admitsLargeForm(
      { routeOptions, caller }: FastifyRequest,
      reply: FastifyReply,
      declared: number,
    ): Promise<boolean> {
      if (!routeOptions.config.showsFormAgain || !(declared > maxBytes && declared <= returnedBytes))
        return false
      if (!largeForms(caller.network, reply)) return false
      await app.unreadableBodies.count(caller)
      return true
    }
  },
  { name: 'bodies' },
)

/** Returns the size of a body by its Content-Length; NaN without one. */
function declaredBytes({ 'content-length': length }: IncomingHttpHeaders): number {
  return Number(length)
}

/**
 * Tells whether a Content-Type is malformed, or multipart without a boundary. Fastify would reject the first with 415
 * before any parser runs, and multipart would fail on the second.
 */
function hasUnusableType({ mediaType, headers: { 'content-type': given } }: FastifyRequest): boolean {
  if (given === undefined) return false
  return mediaType === undefined || (mediaType === 'multipart/form-data' && !hasBoundary(given))
}

function beginsLikeJson(body: Buffer): boolean {
  return /^\s*[[{]/.test(body.toString('latin1', 0, SNIFFED_BYTES))
}
