import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { DomainError, ErrorCode, ErrorDetail } from '../../errors.ts'
import { retryAfterOf, statusOf, toDomainError } from '../errors.ts'

/** The words of v1, which clients match to the letter. Source: v1-api section 5. */
const MESSAGES: Record<ErrorCode, (detail: ErrorDetail) => string> = {
  unknown_secret: () => 'Unknown secret',
  incorrect_passphrase: () => 'Incorrect passphrase',
  not_authorized: () => 'Not authorized',
  nothing_to_share: () => 'You did not provide anything to share',
  secret_too_large: ({ limit }) => `Secret value exceeds the maximum size of ${limit} bytes`,
  passphrase_too_large: ({ limit }) => `Passphrase exceeds the maximum size of ${limit} bytes`,
  undeliverable_address: ({ subject }) => `Undeliverable email address: ${subject}`,
  too_many_recipients: ({ limit }) => `A secret can be sent to at most ${limit} recipients`,
  account_required: () => 'An account is required to send emails.',
  unknown_domain: ({ subject }) => `Unknown domain: ${subject}`,
  malformed_parameter: ({ subject }) => `Malformed parameter: ${subject}`,
  malformed_request: () => 'Malformed request',
  mail_not_configured: () => 'This server does not send emails',
  mail_failed: () => 'The email could not be sent, and the secret was withdrawn',
  rate_limited: () => 'Apologies dear citizen! You have been rate limited.',
  store_unavailable: () => 'The service is not available at the moment',
  overloaded: () => 'The service is busy at the moment',
  shutting_down: () => 'The service is about to restart',
  client_gone: () => 'The client went away',
  unreadable_record: () => UNEXPECTED,
}

const UNEXPECTED = 'An unexpected error occurred'

/**
 * Answers any failure of a v1 route: 404 for every client error with the status that it means in a header, the
 * true status where a client must not take "come back later" for "gone".
 */
export function answerError(
  secretMaxBytes: number,
): (error: FastifyError | DomainError, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const known = toDomainError(error, secretMaxBytes)
    if (known === undefined) {
      request.log.error({ reqId: request.id, err: error }, 'defect')
      reply.code(500).send({ message: UNEXPECTED })
      return
    }
    const intended = statusOf(known.code)
    if (intended >= 500) request.log.error({ reqId: request.id, err: known }, 'failed')
    const retryAfter = retryAfterOf(intended, known.detail.retryAfter)
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
    const message = MESSAGES[known.code](known.detail)
    if (intended >= 500 || intended === 429) reply.code(intended).send({ message })
    else
      answerClientError(reply, intended, message, known.code === 'unknown_secret' ? keyAskedFor(request) : {})
  }
}

/** Answers a request for a route that does not exist. */
export function answerNotFound(_request: FastifyRequest, reply: FastifyReply): void {
  answerClientError(reply, 404, 'Not Found', {})
}

function answerClientError(reply: FastifyReply, intended: number, message: string, more: object): void {
  reply
    .code(404)
    .header('x-ots-intended-status', intended)
    .send({ message, ...more })
}

// A key that isn't text was refused before any route saw it.
function keyAskedFor(request: FastifyRequest): { secret_key?: string } {
  const { key } = request.params as { key?: string }
  return key === undefined ? {} : { secret_key: key }
}
