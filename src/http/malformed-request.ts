import { DomainError } from '../errors.ts'

/**
 * Returns the error for a request that cannot be read.
 *
 * @param reason What is wrong with it, in English, for the client.
 */
export function malformed(reason: string): DomainError {
  return new DomainError('malformed_request', { reason })
}
