import type { Actor } from './actor.ts'
import { findReceiptAlias } from './aliases.ts'
import type { SecretsContext } from './context.ts'
import { type ReceiptKey, recordIdOf } from './keys.ts'
import { type Receipt, readReceipt, reportLost } from './receipt.ts'
import { keysBehind, type ReceiptKeys } from './receipt-keys.ts'
import type { ReceiptRecord } from './records.ts'

/**
 * Returns receipts in the order of their keys, skipping those that have expired. Does not mark them as viewed.
 *
 * @throws DomainError `store_unavailable`, `unreadable_record`.
 */
export async function listReceipts(
  context: SecretsContext,
  receiptKeys: readonly ReceiptKey[],
  actor: Actor,
): Promise<Receipt[]> {
  const sealed = await listSealedReceipts(context, receiptKeys, actor)
  const at = context.now()
  return sealed.map(({ keys, record }) => readReceipt(context.ring, keys, record, at))
}

/** A receipt that is up to date, but not opened. */
export interface SealedReceipt {
  readonly keys: ReceiptKeys
  readonly record: ReceiptRecord
}

/**
 * Returns the same as `listReceipts`, unopened: for a page that shows only some of them.
 *
 * @throws DomainError `store_unavailable`; `unreadable_record` when the root key of an imported one is missing.
 */
export async function listSealedReceipts(
  context: SecretsContext,
  receiptKeys: readonly ReceiptKey[],
  actor: Actor,
): Promise<SealedReceipt[]> {
  const own = await settleAll(
    context,
    receiptKeys.map((receiptKey) => keysBehind(receiptKey)),
    actor,
  )
  const missing = receiptKeys.filter((_, index) => own[index] === undefined)
  if (missing.length === 0) return own.filter((found) => found !== undefined)
  const imported = await listImported(context, missing, actor)
  return receiptKeys.flatMap((receiptKey, index) => own[index] ?? imported.get(receiptKey) ?? [])
}

async function listImported(
  context: SecretsContext,
  receiptKeys: readonly ReceiptKey[],
  actor: Actor,
): Promise<Map<ReceiptKey, SealedReceipt>> {
  const keys = await Promise.all(
    receiptKeys.map(async (receiptKey) => {
      const alias = await findReceiptAlias(context, receiptKey)
      return alias === undefined ? [] : [keysBehind(receiptKey, alias)]
    }),
  )
  const found = await settleAll(context, keys.flat(), actor)
  return new Map(
    found.flatMap((sealed) =>
      sealed?.keys.links === undefined ? [] : [[sealed.keys.links.receiptKey, sealed]],
    ),
  )
}

async function settleAll(
  { store, now, onEvent }: SecretsContext,
  keys: readonly ReceiptKeys[],
  actor: Actor,
): Promise<(SealedReceipt | undefined)[]> {
  const ids = keys.map(({ secretKey }) => recordIdOf(secretKey))
  const at = now()
  const records = await store.settleAll(ids, at)
  return keys.map((each, index) => {
    const record = records[index]
    if (record === undefined) return undefined
    reportLost(onEvent, each, record, at, actor)
    return { keys: each, record }
  })
}
