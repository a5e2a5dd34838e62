import { DomainError } from '../../errors.ts'

// Redis quotes a command that it does not know with the start of its arguments.
const QUOTED_ARGUMENTS = /, with args beginning with:.*$/s

// How ioredis says that there is no connection, without saying why.
const DISCONNECTED =
  /^(Connection is closed|Stream isn't writeable|Cluster isn't ready|Reached the max retries|Command aborted|None of startup nodes|All sentinels are unreachable)/

/**
 * @param error What ioredis threw. It may carry the arguments of its command, ciphertexts and passwords among them.
 * @param known Why there is no connection, if that is known.
 * @returns The same fault with nothing but words.
 */
export function describe(error: unknown, known?: Error): Error {
  const { message } = (error as { lastNodeError?: Error }).lastNodeError ?? (error as Error)
  if (DISCONNECTED.test(message)) return known ?? new Error('Redis closed the connection')
  return new Error(message.replace(QUOTED_ARGUMENTS, ''))
}

/**
 * @param known As in `describe`.
 * @returns What a caller of the store gets to see, with `describe`'s fault as its cause.
 */
export function storeUnavailable(error: unknown, known?: Error): DomainError {
  if (error instanceof DomainError) return error
  return new DomainError('store_unavailable', { cause: describe(error, known) })
}
