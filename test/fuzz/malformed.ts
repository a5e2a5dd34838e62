import { DomainError } from '../../src/errors.ts'

const CODES: readonly string[] = ['malformed_request', 'malformed_parameter', 'too_many_keys']

/** Tells whether a request was rejected because it cannot be read. */
export function isMalformed(error: unknown): boolean {
  return error instanceof DomainError && CODES.includes(error.code)
}
