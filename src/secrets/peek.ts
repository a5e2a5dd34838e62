import type { SecretsContext } from './context.ts'
import { recordIdOf, type SecretKey } from './keys.ts'

/** What a link tells before its secret is revealed. */
export interface Peeked {
  readonly passphraseRequired: boolean
}

/**
 * Looks whether a secret is available, and changes nothing.
 *
 * @returns Undefined when it is unknown or no longer available.
 * @throws DomainError `store_unavailable`.
 */
export async function peekSecret(
  { store, now }: SecretsContext,
  secretKey: SecretKey,
): Promise<Peeked | undefined> {
  const found = await store.peek(recordIdOf(secretKey), now())
  return found && { passphraseRequired: found.protected }
}
