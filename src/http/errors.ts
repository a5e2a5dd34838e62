import type { FastifyError } from 'fastify'
import { DomainError, type ErrorCode } from '../errors.ts'

/** What each domain error means in HTTP. A transport may answer another status, but not mean another. */
const STATUS = {
  unknown_secret: 404,
  incorrect_passphrase: 400,
  not_authorized: 401,
  nothing_to_share: 400,
  secret_too_large: 413,
  passphrase_too_large: 413,
  undeliverable_address: 400,
  too_many_recipients: 400,
  account_required: 400,
  unknown_domain: 400,
  malformed_parameter: 400,
  malformed_request: 400,
  mail_not_configured: 400,
  mail_failed: 502,
  rate_limited: 429,
  store_unavailable: 503,
  overloaded: 503,
  shutting_down: 503,
  client_disconnected: 499,
  unreadable_record: 500,
} as const satisfies Record<ErrorCode, number>

const DEFAULT_RETRY_AFTER_SECONDS = 5

/** Returns the status that an error means. */
export function statusOf(code: ErrorCode): number {
  return STATUS[code]
}

/** Returns the seconds of Retry-After where the status says "come back later"; else undefined. */
export function retryAfterOf({ code, detail }: DomainError): number | undefined {
  const status = statusOf(code)
  if (status !== 429 && status !== 503) return undefined
  return 'retryAfter' in detail ? detail.retryAfter : DEFAULT_RETRY_AFTER_SECONDS
}

/**
 * Translates what a route threw into an error of the domain.
 *
 * @param secretMaxBytes Maximum size of a secret, which is what a body that is too large is taken to exceed.
 * @returns Undefined for an internal error.
 */
export function toDomainError(
  error: FastifyError | DomainError,
  secretMaxBytes: number,
): DomainError | undefined {
  if (error instanceof DomainError) return error
  const { statusCode = 500, code = '' } = error
  if (code.startsWith('FST_BASIC_AUTH')) return new DomainError('not_authorized')
  if (statusCode === 413) return new DomainError('secret_too_large', { limit: secretMaxBytes })
  return statusCode < 500 ? new DomainError('malformed_request') : undefined
}
