import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { DomainError } from '../errors.ts'
import { drainBody, hasBody, waitsForContinue } from './read-body.ts'

/**
 * Rejects requests that Node.js lets through, although their body is not what it seems or they expect what the server does not
 * do (RFC 9110 sections 8.4 and 10.1.1, RFC 9112 sections 3.2 and 6.1), and reads what is left of a body before the
 * connection closes.
 */
export const framing = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', ({ headers, raw: { httpVersion } }, _reply, done) => {
      done((httpVersion === '1.1' ? headerFault(headers) : undefined) ?? encodingFault(headers))
    })
    app.addHook('onSend', (request, reply, _payload, done) => {
      const { raw } = request
      if (raw.complete || !hasBody(raw.headers)) return done()
      const closes = reply.hasHeader('connection') || !reply.raw.shouldKeepAlive
      // A client that waits for 100 Continue sends nothing more.
      if (!closes || waitsForContinue(raw.headers.expect)) return done()
      drainBody(raw).then(() => done(), done)
    })
  },
  { name: 'framing' },
)

/** Checks the headers by which HTTP/1.1 differs from HTTP/1.0. */
function headerFault({ host, expect }: IncomingHttpHeaders): DomainError | undefined {
  if (host === undefined) return new DomainError('malformed_request', { reason: 'no Host header' })
  return expect === undefined || expect === '' || waitsForContinue(expect)
    ? undefined
    : new DomainError('unsupported_expectation', { subject: expect })
}

function encodingFault(headers: IncomingHttpHeaders): DomainError | undefined {
  const { 'transfer-encoding': transfer, 'content-encoding': content } = headers
  if (transfer !== undefined && !/^chunked$/i.test(transfer.trim())) {
    return new DomainError('unsupported_encoding', { subject: transfer })
  }
  if (content === undefined || !hasBody(headers)) return undefined
  return /^(?:identity)?$/i.test(content.trim())
    ? undefined
    : new DomainError('unsupported_encoding', { subject: content })
}
