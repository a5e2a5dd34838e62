import { DomainError } from '../errors.ts'

/** Returns the error for a record under a root key that is not in the ring; the log names the key by its id. */
export function sealedUnderMissing(root: string): DomainError {
  const cause = new Error(`it is sealed under the root key ${root}, which ROOT_KEY lacks`)
  return new DomainError('unreadable_record', { cause })
}
