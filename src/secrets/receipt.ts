import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import { type Milliseconds, type Seconds, secondsUntil } from '../time.ts'
import type { Actor } from './actor.ts'
import type { SecretsContext } from './context.ts'
import type { EventHandler } from './events.ts'
import {
  type KeyPair,
  type ReceiptKey,
  type RecordId,
  recordIdOf,
  type SecretKey,
  secretKeyOf,
} from './keys.ts'
import { openDetails, openMemo, type ReceiptDetails } from './receipt-details.ts'
import { type Origin, type ReceiptRecord, receiptExpiry, type State, secretExpiry } from './records.ts'
import { isPending } from './states.ts'
import type { Viewer } from './store.ts'

/** What the sender can see of a secret, without its value. */
export interface Receipt {
  readonly receiptKey: ReceiptKey
  /** Absent once the secret is no longer available. */
  readonly secretKey?: SecretKey
  readonly state: State
  readonly created: Milliseconds
  readonly updated: Milliseconds
  /** As granted at creation. */
  readonly ttl: Seconds
  /** Seconds until the receipt expires. */
  readonly receiptTtl: Seconds
  /** Seconds until the secret expires; absent once it is no longer available. */
  readonly secretTtl?: Seconds
  /** The sender's email address; absent when anonymous. */
  readonly custid?: string | undefined
  /** Obscured addresses. */
  readonly recipients: readonly string[]
  readonly shareDomain?: string | undefined
  readonly passphraseRequired: boolean
  readonly origin: Origin
  /** The sender's own note; absent when there is none. */
  readonly memo?: string | undefined
}

/** The receipt of a secret that has just been created. */
export interface NewReceipt extends Receipt {
  readonly secretKey: SecretKey
  readonly secretTtl: Seconds
}

/**
 * Returns a receipt, brought up to date.
 *
 * @throws DomainError `unknown_secret` when it does not exist, `store_unavailable`, `unreadable_record`.
 */
export async function viewReceipt(
  context: SecretsContext,
  receiptKey: ReceiptKey,
  viewer: Viewer,
  actor: Actor,
): Promise<Receipt> {
  const receipt = await findReceipt(context, receiptKey, viewer, actor)
  if (receipt === undefined) throw new DomainError('unknown_secret')
  return receipt
}

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
  readonly keys: KeyPair
  readonly record: ReceiptRecord
}

/**
 * Returns the same as `listReceipts`, unopened: for a page that shows only some of them.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function listSealedReceipts(
  { store, now, onEvent }: SecretsContext,
  receiptKeys: readonly ReceiptKey[],
  actor: Actor,
): Promise<SealedReceipt[]> {
  const pairs = receiptKeys.map((receiptKey) => ({ receiptKey, secretKey: secretKeyOf(receiptKey) }))
  const ids = pairs.map(({ secretKey }) => recordIdOf(secretKey))
  const at = now()
  const records = await store.settleAll(ids, at)
  return pairs.flatMap((keys, index) => {
    const [record, id] = [records[index], ids[index]]
    if (record === undefined || id === undefined) return []
    reportLost(onEvent, id, record, at, actor)
    return [{ keys, record }]
  })
}

async function findReceipt(
  { store, ring, now, onEvent }: SecretsContext,
  receiptKey: ReceiptKey,
  viewer: Viewer,
  actor: Actor,
): Promise<Receipt | undefined> {
  const keys = { receiptKey, secretKey: secretKeyOf(receiptKey) }
  const id = recordIdOf(keys.secretKey)
  const at = now()
  const record = await store.settle(id, viewer, at)
  if (record === undefined) return undefined
  reportLost(onEvent, id, record, at, actor)
  return readReceipt(ring, keys, record, at)
}

function reportLost(
  onEvent: EventHandler | undefined,
  id: RecordId,
  { state, updated }: ReceiptRecord,
  now: Milliseconds,
  actor: Actor,
): void {
  if (isLost(state) && updated === now) onEvent?.(state, id, actor)
}

function isLost(state: State): state is 'expired' | 'orphaned' {
  return state === 'expired' || state === 'orphaned'
}

/**
 * Opens what is sealed in a record and returns its receipt.
 *
 * @throws DomainError `unreadable_record` when its details or its memo do not open.
 */
export function readReceipt(ring: KeyRing, keys: KeyPair, record: ReceiptRecord, now: Milliseconds): Receipt {
  const binding = { id: recordIdOf(keys.secretKey), created: record.created, ttl: record.ttl }
  const details = openDetails(ring, keys.receiptKey, record.sealed, binding)
  const receipt = receiptOf(keys, record, details, now)
  if (record.memo === undefined) return receipt
  return { ...receipt, memo: openMemo(ring, keys.receiptKey, record.memo, binding) }
}

/** Builds a receipt without memo from a record and its opened details. */
export function receiptOf(
  { receiptKey, secretKey }: KeyPair,
  record: ReceiptRecord,
  details: ReceiptDetails,
  now: Milliseconds,
): Receipt {
  const { state, created, updated, ttl, origin } = record
  return {
    receiptKey,
    state,
    created,
    updated,
    ttl,
    receiptTtl: secondsUntil(receiptExpiry(record), now),
    ...(isPending(state) && { secretKey, secretTtl: secondsUntil(secretExpiry(record), now) }),
    custid: details.custid,
    recipients: details.recipients ?? [],
    shareDomain: details.shareDomain,
    passphraseRequired: record.protected,
    origin,
  }
}
