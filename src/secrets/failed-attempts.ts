import { findReceiptAlias } from './aliases.ts'
import type { Claimant } from './claimant.ts'
import type { SecretsContext } from './context.ts'
import { type ReceiptKey, recordIdOf, secretKeyOf } from './keys.ts'
import type { Receipt } from './receipt.ts'

/**
 * Returns the number of passphrase attempts to reveal a secret. While it is available, all of them failed, except any that
 * is still being checked.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function countFailedAttempts(
  { store }: SecretsContext,
  { receiptKey, imported }: Pick<Receipt, 'receiptKey' | 'imported'>,
): Promise<number> {
  return store.countAttempts(recordIdOf(secretKeyOf(imported?.ownKey ?? receiptKey)))
}

/**
 * Clears the passphrase attempts to reveal a secret, so that its recipient need not wait because of others.
 *
 * @throws DomainError `rate_limited`, `store_unavailable`; `unreadable_record` when the root key of an imported secret is missing.
 */
export async function clearFailedAttempts(
  context: SecretsContext,
  receiptKey: ReceiptKey,
  { admission, actor }: Pick<Claimant, 'admission' | 'actor'>,
): Promise<void> {
  await admission.count()
  const id = recordIdOf(secretKeyOf(receiptKey))
  const cleared = await clearOwn(context, receiptKey)
  const alias = cleared > 0 ? undefined : await findReceiptAlias(context, receiptKey)
  const failed = alias === undefined ? cleared : await clearOwn(context, alias.receiptKey)
  if (failed > 0) context.onEvent?.('attempts_cleared', id, actor)
}

async function clearOwn({ store, now }: SecretsContext, receiptKey: ReceiptKey): Promise<number> {
  const id = recordIdOf(secretKeyOf(receiptKey))
  const failed = await store.countAttempts(id)
  await store.clearAttempts(id, 'received', now())
  return failed
}
