import type { SecretsContext } from './context.ts'
import { recordIdOf, type SecretKey } from './keys.ts'

/** What a secret link shows before the secret is revealed. */
export interface Peeked {
  readonly passphraseRequired: boolean
}

/**
 * Checks whether a secret is available, without changing anything.
 *
 * @returns Undefined when the secret is unknown or no longer available.
 * @throws DomainError `store_unavailable`.
 */
export async function peekSecret(
  { store, now }: SecretsContext,
  secretKey: SecretKey,
): Promise<Peeked | undefined> {
  const found = await store.peek(recordIdOf(secretKey), now())
  return found && { passphraseRequired: found.protected }
}
