import { type Milliseconds, type Seconds, secondsUntil } from '../time.ts'
import { findSecretAlias } from './aliases.ts'
import type { SecretsContext } from './context.ts'
import { recordIdOf, type SecretKey } from './keys.ts'
import { secretExpiry } from './records.ts'
import { openSender } from './sealed-sender.ts'

/** What a secret link shows before the secret is revealed. */
export interface Peeked {
  readonly passphraseRequired: boolean
  readonly created: Milliseconds
  /** As granted at creation. */
  readonly ttl: Seconds
  /** Seconds until the secret expires. */
  readonly secretTtl: Seconds
  /** The sender's email address; absent unless the sender chose to tell the recipient. */
  readonly sender?: string
}

/**
 * Checks whether a secret is available, without changing anything.
 *
 * @returns Undefined when the secret is unknown or no longer available.
 * @throws DomainError `store_unavailable`; `unreadable_record` when the root key of an imported secret is missing.
 */
export async function peekSecret(context: SecretsContext, secretKey: SecretKey): Promise<Peeked | undefined> {
  const found = await peekOwn(context, secretKey)
  if (found !== undefined) return found
  const alias = await findSecretAlias(context, secretKey)
  return alias && peekOwn(context, alias.secretKey)
}

/**
 * Does the same as `peekSecret`, but does not look for an imported secret.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function peekOwn(
  { store, ring, now }: SecretsContext,
  secretKey: SecretKey,
): Promise<Peeked | undefined> {
  const at = now()
  const id = recordIdOf(secretKey)
  const found = await store.peek(id, at)
  if (found === undefined) return undefined
  const { created, ttl } = found
  const sender = found.sender && openSender(ring, secretKey, found.sender, { id, created, ttl })
  return {
    passphraseRequired: found.protected,
    created,
    ttl,
    secretTtl: secondsUntil(secretExpiry(found), at),
    ...(sender !== undefined && { sender }),
  }
}
