import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type ErrorCode } from '../errors.ts'
import { type Seconds, seconds } from '../time.ts'
import { maxBodyBytes } from './body-size.ts'

/** The HTTP status of each domain error. The API may respond with another status, but reports this one as intended. */
const STATUS = {
  unknown_secret: 404,
  incorrect_passphrase: 400,
  not_authorized: 401,
  anonymous_creation_off: 401,
  not_owner: 401,
  nothing_to_share: 400,
  secret_too_large: 413,
  passphrase_too_large: 413,
  undeliverable_address: 400,
  too_many_recipients: 400,
  account_required: 400,
  unknown_domain: 400,
  malformed_parameter: 400,
  invalid_length: 400,
  too_many_keys: 400,
  malformed_request: 400,
  body_too_large: 413,
  unsupported_encoding: 415,
  unsupported_expectation: 417,
  email_not_configured: 400,
  email_failed: 502,
  rate_limited: 429,
  store_unavailable: 503,
  missing_root_key: 503,
  missing_site_secret: 503,
  overloaded: 503,
  shutting_down: 503,
  client_disconnected: 499,
  unreadable_record: 500,
} as const satisfies Record<ErrorCode, number>

/** What is wrong with a request that Fastify rejects. */
const REASONS: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'invalid percent-encoding in the path',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'the body is not as long as its Content-Length',
  FST_ERR_MAX_PARAM_LENGTH: 'the path is too long',
}

const DEFAULT_RETRY_AFTER = seconds(5)

/** Returns the HTTP status of a domain error. */
export function statusOf(code: ErrorCode): number {
  return STATUS[code]
}

/**
 * Logs the error if it is a 5xx, and sets Retry-After if the client should try again later.
 *
 * @returns The HTTP status of the error.
 */
export function reportError(request: FastifyRequest, reply: FastifyReply, error: DomainError): number {
  const status = statusOf(error.code)
  if (status >= 500) request.log.error({ reqId: request.id, err: error }, 'request failed')
  const retryAfter = retryAfterOf(error)
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  return status
}

/** Logs an unexpected error: a bug. */
export function reportInternalError(request: FastifyRequest, error: Error): void {
  request.log.error({ reqId: request.id, err: error }, 'internal error')
}

/**
 * Translates an error of Fastify or its plugins into a domain error.
 *
 * @param secretMaxBytes Maximum size of a secret; the maximum size of a body follows from it.
 * @returns Undefined for an internal error.
 */
export function toDomainError(
  error: FastifyError | DomainError,
  secretMaxBytes: number,
): DomainError | undefined {
  if (error instanceof DomainError) return error
  const { statusCode = 500, code = '' } = error
  if (code.startsWith('FST_BASIC_AUTH')) return new DomainError('not_authorized')
  if (statusCode === 413) return new DomainError('body_too_large', { limit: maxBodyBytes(secretMaxBytes) })
  return statusCode < 500 ? new DomainError('malformed_request', { reason: reasonOf(code) }) : undefined
}

function reasonOf(code: string): string {
  return REASONS[code] ?? 'it cannot be read'
}

/** Returns when the client should try again: for every 429 and 503, and undefined otherwise. */
export function retryAfterOf({ code, detail }: DomainError): Seconds | undefined {
  const status = statusOf(code)
  if (status !== 429 && status !== 503) return undefined
  return 'retryAfter' in detail ? detail.retryAfter : DEFAULT_RETRY_AFTER
}
