import type { SecretsContext } from './context.ts'
import { type ReceiptKey, recordIdOf, secretKeyOf } from './keys.ts'

/**
 * Returns how many passphrase attempts were made to reveal a secret that is still available, so all of them failed. One
 * that is being checked counts too.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function countFailedAttempts(
  { store }: SecretsContext,
  receiptKey: ReceiptKey,
): Promise<number> {
  return store.countAttempts(recordIdOf(secretKeyOf(receiptKey)))
}

/**
 * Forgets the passphrase attempts made to reveal a secret, so that its recipient does not have to wait for others.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function clearFailedAttempts(
  { store, now }: SecretsContext,
  receiptKey: ReceiptKey,
): Promise<void> {
  await store.clearAttempts(recordIdOf(secretKeyOf(receiptKey)), now())
}
