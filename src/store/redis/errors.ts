import { DomainError } from '../../errors.ts'

// Redis quotes a command that it does not know with the start of its arguments.
const QUOTED_ARGUMENTS = /, with args beginning with:.*$/s

// How ioredis says that there was no connection, or none any more when the answer was due.
const DISCONNECTED =
  /^(Connection is closed|Stream isn't writeable|Cluster isn't ready|Reached the max retries|Command aborted|None of startup nodes)/

/**
 * @param error What ioredis threw. It may carry the arguments of its command, ciphertexts and passwords among them.
 * @param connection Why the connection was last lost, if it was.
 * @returns The same fault with nothing but words.
 */
export function describe(error: unknown, connection?: Error): Error {
  const { message } = error as Error
  if (DISCONNECTED.test(message)) return connection ?? new Error('Redis closed the connection')
  return new Error(message.replace(QUOTED_ARGUMENTS, ''))
}

/** @returns What a caller of the store gets to see, with `describe`'s fault as its cause. */
export function storeUnavailable(error: unknown, connection?: Error): DomainError {
  if (error instanceof DomainError) return error
  return new DomainError('store_unavailable', { cause: describe(error, connection) })
}
