import type { Claimant } from './claim.ts'
import type { SecretsContext } from './context.ts'
import { type ReceiptKey, recordIdOf, secretKeyOf } from './keys.ts'

/**
 * Returns the number of passphrase attempts to reveal a secret. While it is available, all of them failed, except any that
 * is still being checked.
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
 * Clears the passphrase attempts to reveal a secret, so that its recipient need not wait because of others.
 *
 * @throws DomainError `rate_limited`, `store_unavailable`.
 */
export async function clearFailedAttempts(
  { store, now, onEvent }: SecretsContext,
  receiptKey: ReceiptKey,
  { admission, actor }: Pick<Claimant, 'admission' | 'actor'>,
): Promise<void> {
  await admission.count()
  const id = recordIdOf(secretKeyOf(receiptKey))
  const failed = await store.countAttempts(id)
  await store.clearAttempts(id, now())
  if (failed > 0) onEvent?.('attempts_cleared', id, actor)
}
