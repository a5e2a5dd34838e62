import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { DomainError, ErrorCode, ErrorDetails } from '../../errors.ts'
import { retryAfterOf, statusOf, toDomainError } from '../../http/errors.ts'

/** The words of v1, which clients match to the letter. Source: docs/api/v1.md section 5. */
const MESSAGES: { readonly [Code in ErrorCode]: (detail: ErrorDetails[Code]) => string } = {
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
  client_disconnected: () => 'The client disconnected',
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
    const retryAfter = retryAfterOf(known)
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
    const message = messageOf(known)
    if (intended >= 500 || intended === 429) reply.code(intended).send({ message })
    else
      answerClientError(reply, intended, message, known.code === 'unknown_secret' ? keyAskedFor(request) : {})
  }
}

function messageOf<Code extends ErrorCode>({ code, detail }: DomainError<Code>): string {
  return MESSAGES[code](detail)
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
