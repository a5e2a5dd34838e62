import { DomainError } from '../errors.ts'
import type { Actor } from './actor.ts'
import type { SecretsContext } from './context.ts'
import { type ReceiptKey, recordIdOf, secretKeyOf } from './keys.ts'
import { type Receipt, viewReceipt } from './receipt.ts'
import { sealMemo } from './receipt-details.ts'

/** Maximum length of a memo, in code points. Longer ones are cut. */
export const MEMO_MAX_LENGTH = 500

// No `<` inside, so that each is tried once: `<<<<…` takes linear time.
const TAG = /<[a-z/!?][^<>]*>/gi

/**
 * Replaces the memo of a receipt: the note that its owner keeps there. Tags are removed, white space is collapsed, and what
 * exceeds 500 characters is cut. Does not mark the receipt as viewed.
 *
 * @param owner The email address of the caller's account; undefined for an anonymous caller.
 * @param text Removes the memo when it is empty, and leaves it when undefined.
 * @returns The receipt with its memo.
 * @throws DomainError `unknown_secret` when it does not exist, `not_owner`, `store_unavailable`, `unreadable_record`.
 */
export async function editMemo(
  context: SecretsContext,
  owner: string | undefined,
  receiptKey: ReceiptKey,
  text: string | undefined,
  actor: Actor,
): Promise<Receipt> {
  const found = await viewReceipt(context, receiptKey, 'observer', actor)
  if (owner === undefined || found.custid !== owner) throw new DomainError('not_owner')
  if (text === undefined) return found
  const { memo: _, ...receipt } = found
  const { ring, store, now } = context
  const memo = cleanMemo(text)
  const ownKey = found.imported?.ownKey ?? receiptKey
  const id = recordIdOf(secretKeyOf(ownKey))
  const sealed = memo === '' ? undefined : sealMemo(ring, ownKey, memo, { id, ...receipt })
  if (!(await store.setMemo(id, sealed, now()))) throw new DomainError('unknown_secret')
  return memo === '' ? receipt : { ...receipt, memo }
}

/** Returns a memo as it is kept: one line without tags, of at most 500 characters. */
export function cleanMemo(text: string): string {
  const line = text.toWellFormed().replace(TAG, '').replace(/\s+/g, ' ').trim()
  return Array.from(line).slice(0, MEMO_MAX_LENGTH).join('').trimEnd()
}
