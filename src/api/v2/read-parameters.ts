import { DomainError } from '../../errors.ts'
import type { Params } from '../../http/params.ts'

/** Removes from an identifier the characters that no identifier has; case is kept. Source: docs/api/v2.md section 1. */
export function cleanIdentifier(given: string): string {
  return given.replace(/[^\w-]/g, '')
}

/**
 * Reads the `identifiers` of a request: an array, or one string separated by commas.
 *
 * @throws DomainError `too_many_keys`, `malformed_parameter`.
 */
export function readIdentifiers(params: Params, { limit }: { readonly limit: number }): string[] {
  const identifiers = params
    .list('identifiers')
    .flatMap((text) => text.split(','))
    .map(cleanIdentifier)
    .filter((identifier) => identifier !== '')
  if (identifiers.length > limit) throw new DomainError('too_many_keys', { limit })
  return identifiers
}

/** Tells whether a request to reveal or burn says to do it, not only to check the passphrase. */
export function saysContinue(params: Params): boolean {
  return params.text('continue') === 'true'
}
