import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { DomainError, ErrorCode, ErrorDetails } from '../../errors.ts'
import { reportError, reportInternalError, toDomainError } from '../../http/errors.ts'
import type { Failure, Rejected } from './wire-objects.ts'

/** The error messages of v1, which clients compare verbatim. Source: docs/api/v1.md section 5. */
const MESSAGES: { readonly [Code in ErrorCode]: (detail: ErrorDetails[Code]) => string } = {
  unknown_secret: () => 'Unknown secret',
  incorrect_passphrase: () => 'Incorrect passphrase',
  not_authorized: () => 'Not authorized',
  anonymous_creation_off: () => 'Not authorized',
  not_owner: () => 'Not authorized',
  nothing_to_share: () => 'You did not provide anything to share',
  secret_too_large: ({ limit }) => `Secret value exceeds the maximum size of ${limit} bytes`,
  passphrase_too_large: ({ limit }) => `Passphrase exceeds the maximum size of ${limit} bytes`,
  undeliverable_address: ({ subject }) => `Undeliverable email address: ${subject}`,
  too_many_recipients: ({ limit }) => `A secret can be sent to at most ${limit} recipients`,
  account_required: () => 'An account is required to send emails.',
  unknown_domain: ({ subject }) => `Unknown domain: ${subject}`,
  malformed_parameter: ({ subject }) => `Malformed parameter: ${subject}`,
  invalid_length: () => 'Malformed parameter: length',
  too_many_keys: ({ limit }) => `A request can name at most ${limit} keys`,
  malformed_request: ({ reason }) => `Malformed request: ${reason}`,
  body_too_large: ({ limit }) => `Request body exceeds the maximum size of ${limit} bytes`,
  unsupported_encoding: ({ subject }) => `Unsupported encoding of the body: ${subject}`,
  unsupported_expectation: ({ subject }) => `Unsupported expectation: ${subject}`,
  email_not_configured: () => 'This server does not send emails',
  email_failed: () => 'The email could not be sent, and the secret was withdrawn',
  rate_limited: () => 'Apologies dear citizen! You have been rate limited.',
  store_unavailable: () => 'The service is not available at the moment',
  missing_root_key: () => 'The service is not available at the moment',
  missing_site_secret: () => 'The service is not available at the moment',
  overloaded: () => 'The service is busy at the moment',
  shutting_down: () => 'The service is about to restart',
  client_disconnected: () => 'The client disconnected',
  unreadable_record: () => UNEXPECTED,
}

const UNEXPECTED = 'An unexpected error occurred'

/**
 * Creates the error handler of v1. Every client error is a 404 with the intended status in a header. 429 and 5xx keep their
 * own status, so that no client mistakes "try again later" for "no such secret". Source: docs/api/v1.md section 5.
 *
 * @param secretMaxBytes Maximum size of a secret.
 */
export function answerError(
  secretMaxBytes: number,
): (error: FastifyError | DomainError, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const known = toDomainError(error, secretMaxBytes)
    if (known === undefined) {
      reportInternalError(request, error)
      return answerFailure(reply, 500, { message: UNEXPECTED })
    }
    const intended = reportError(request, reply, known)
    const message = messageOf(known)
    if (intended >= 500 || intended === 429) return answerFailure(reply, intended, { message })
    const secret_key = known.code === 'unknown_secret' ? requestedKey(request) : undefined
    answerClientError(reply, intended, { message, secret_key })
  }
}

function messageOf<Code extends ErrorCode>({ code, detail }: DomainError<Code>): string {
  return MESSAGES[code](detail)
}

/** Responds to a request for a route that does not exist. */
export function answerNotFound(_request: FastifyRequest, reply: FastifyReply): void {
  answerClientError(reply, 404, { message: 'Not Found' })
}

function answerFailure(reply: FastifyReply, status: number, failure: Failure): void {
  reply.code(status).send(failure)
}

function answerClientError(reply: FastifyReply, intended: number, rejected: Rejected): void {
  reply.code(404).header('x-ots-intended-status', intended).send(rejected)
}

// Always decoded: Fastify rejects a malformed escape before routing.
function requestedKey(request: FastifyRequest): string | undefined {
  return (request.params as { key?: string }).key
}
