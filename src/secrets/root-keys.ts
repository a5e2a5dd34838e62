import { DomainError } from '../errors.ts'

/**
 * Returns the error for a text that does not open.
 *
 * @param missingRoot The id of the root key that it needs, if the ring lacks that.
 */
export function unreadable(missingRoot: string | undefined): DomainError {
  return missingRoot === undefined ? new DomainError('unreadable_record') : sealedUnderMissing(missingRoot)
}

/** Returns the error for a record under a root key that is not in the ring; the log names the key by its id. */
export function sealedUnderMissing(root: string): DomainError {
  const cause = new Error(`it is sealed under the root key ${root}, which ROOT_KEY lacks`)
  return new DomainError('unreadable_record', { cause })
}
