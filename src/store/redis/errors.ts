import { DomainError } from '../../errors.ts'

// Redis quotes an unknown command with the beginning of its arguments.
const QUOTED_ARGUMENTS = /, with args beginning with:.*$/s

// How ioredis reports a missing connection, without the reason.
const DISCONNECTED =
  /^(Connection is closed|Stream isn't writeable|Cluster isn't ready|Reached the max retries|Command aborted|None of startup nodes|All sentinels are unreachable)/

/**
 * Describes a failure without any data.
 *
 * @param error An error of ioredis, which may contain the arguments of its command, such as ciphertexts and passwords.
 * @param known The reason for a missing connection, if known.
 */
export function describe(error: unknown, known?: Error): Error {
  const { message } = (error as { lastNodeError?: Error }).lastNodeError ?? (error as Error)
  if (DISCONNECTED.test(message)) return known ?? new Error('Redis closed the connection')
  return new Error(message.replace(QUOTED_ARGUMENTS, ''))
}

/**
 * Returns the error for callers of the store, with the failure as its cause, without any data.
 *
 * @param known The reason for a missing connection, if known.
 */
export function storeUnavailable(error: unknown, known?: Error): DomainError {
  if (error instanceof DomainError) return error
  return new DomainError('store_unavailable', { cause: describe(error, known) })
}

/** Redis rejects a connection for good: wrong credentials, database or kind of server. */
const REJECTED = /\b(WRONGPASS|NOAUTH|NOPERM) |^ERR /

/** Tells whether a connection failed because Redis is unreachable, which may pass. */
export function isAbsence(error: unknown): error is DomainError & { readonly cause: Error } {
  return error instanceof DomainError && error.cause instanceof Error && !REJECTED.test(error.cause.message)
}

/** Tells whether Redis rejected a write because it is full, when reads and deletions still work. */
export function isFull(error: unknown): error is DomainError {
  return error instanceof DomainError && /^OOM /.test((error.cause as Error | undefined)?.message ?? '')
}
