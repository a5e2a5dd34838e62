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
  const cause = describe(error, known)
  if (!TOO_FEW_REPLICAS.test(cause.message)) return new DomainError('store_unavailable', { cause })
  return new DomainError('store_unavailable', { cause, reason: 'too_few_replicas' })
}

/** Returns the error for a write that too few replicas have confirmed. */
export function unconfirmed(confirmed: number, required: number): Error {
  return new Error(`${confirmed} of ${required} replicas confirmed a write`)
}

/** How Redis rejects a write, and what `unconfirmed` says. */
const TOO_FEW_REPLICAS = /^NOREPLICAS |^\d+ of \d replicas confirmed/

/** Why Redis rejects a script: at its first write, or because it is a cluster and the keys are in different slots. */
type Rejection = 'NOREPLICAS' | 'OOM' | 'CROSSSLOT'

const REJECTED_SCRIPT = /^(NOREPLICAS|OOM|CROSSSLOT) /

/** Redis rejects a connection for good: wrong credentials, database or kind of server. */
const REJECTED = /\b(WRONGPASS|NOAUTH|NOPERM) |^ERR /

/** Tells whether a connection failed because Redis is unreachable, which may pass. */
export function isAbsence(error: unknown): error is DomainError & { readonly cause: Error } {
  return error instanceof DomainError && error.cause instanceof Error && !REJECTED.test(error.cause.message)
}

/** Tells whether a write was rejected because replicas are missing, when reads still work. */
export function missesReplicas(error: unknown): boolean {
  if (!(error instanceof DomainError) || error.code !== 'store_unavailable') return false
  return (error as DomainError<'store_unavailable'>).detail.reason === 'too_few_replicas'
}

/** Returns why Redis rejected a script, which then has written nothing; undefined for any other failure. */
export function rejectionOf(error: unknown): Rejection | undefined {
  if (!(error instanceof DomainError) || !(error.cause instanceof Error)) return undefined
  return REJECTED_SCRIPT.exec(error.cause.message)?.[1] as Rejection | undefined
}

/** Tells whether Redis rejected a write because it is full, when reads and deletions still work. */
export function isFull(error: unknown): error is DomainError {
  return error instanceof DomainError && /^OOM /.test((error.cause as Error | undefined)?.message ?? '')
}
