import { type Milliseconds, type Seconds, secondsUntil } from '../time.ts'
import type { SecretsContext } from './context.ts'
import { recordIdOf, type SecretKey } from './keys.ts'
import { secretExpiry } from './records.ts'

/** What a secret link shows before the secret is revealed. */
export interface Peeked {
  readonly passphraseRequired: boolean
  readonly created: Milliseconds
  /** As granted at creation. */
  readonly ttl: Seconds
  /** Seconds until the secret expires. */
  readonly secretTtl: Seconds
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
  const at = now()
  const found = await store.peek(recordIdOf(secretKey), at)
  if (found === undefined) return undefined
  const { created, ttl } = found
  return {
    passphraseRequired: found.protected,
    created,
    ttl,
    secretTtl: secondsUntil(secretExpiry(found), at),
  }
}
