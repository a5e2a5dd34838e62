import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import { type Milliseconds, type Seconds, secondsUntil } from '../time.ts'
import type { Actor } from './actor.ts'
import { findReceiptAlias } from './aliases.ts'
import type { SecretsContext } from './context.ts'
import type { EventHandler } from './events.ts'
import { type ReceiptKey, recordIdOf, type SecretKey } from './keys.ts'
import { openDetails, openMemo, type ReceiptDetails } from './receipt-details.ts'
import { type ImportedReceipt, keysBehind, type ReceiptKeys } from './receipt-keys.ts'
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
  /** Absent unless it was imported. */
  readonly imported?: ImportedReceipt
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

async function findReceipt(
  context: SecretsContext,
  receiptKey: ReceiptKey,
  viewer: Viewer,
  actor: Actor,
): Promise<Receipt | undefined> {
  const found = await settleOne(context, keysBehind(receiptKey), viewer, actor)
  if (found !== undefined) return found
  const alias = await findReceiptAlias(context, receiptKey)
  return alias && settleOne(context, keysBehind(receiptKey, alias), viewer, actor)
}

async function settleOne(
  { store, ring, now, onEvent }: SecretsContext,
  keys: ReceiptKeys,
  viewer: Viewer,
  actor: Actor,
): Promise<Receipt | undefined> {
  const at = now()
  const record = await store.settle(recordIdOf(keys.secretKey), viewer, at)
  if (record === undefined) return undefined
  reportLost(onEvent, keys, record, at, actor)
  return readReceipt(ring, keys, record, at)
}

/** Reports a secret that was found to have expired, or missing, at `now`. */
export function reportLost(
  onEvent: EventHandler | undefined,
  keys: ReceiptKeys,
  { state, updated }: ReceiptRecord,
  now: Milliseconds,
  actor: Actor,
): void {
  const { secretKey } = keys.links ?? keys
  if (isLost(state) && updated === now) onEvent?.(state, recordIdOf(secretKey), actor)
}

function isLost(state: State): state is 'expired' | 'orphaned' {
  return state === 'expired' || state === 'orphaned'
}

/**
 * Opens what is sealed in a record and returns its receipt.
 *
 * @throws DomainError `unreadable_record` when its details or its memo do not open.
 */
export function readReceipt(
  ring: KeyRing,
  keys: ReceiptKeys,
  record: ReceiptRecord,
  now: Milliseconds,
): Receipt {
  const binding = { id: recordIdOf(keys.secretKey), created: record.created, ttl: record.ttl }
  const details = openDetails(ring, keys.receiptKey, record.sealed, binding)
  const receipt = receiptOf(keys, record, details, now)
  if (record.memo === undefined) return receipt
  return { ...receipt, memo: openMemo(ring, keys.receiptKey, record.memo, binding) }
}

/** Builds a receipt without memo from a record and its opened details. */
export function receiptOf(
  keys: ReceiptKeys,
  record: ReceiptRecord,
  details: ReceiptDetails,
  now: Milliseconds,
): Receipt {
  const { state, created, updated, ttl, origin } = record
  const { receiptKey, secretKey } = keys.links ?? keys
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
    ...(keys.links && { imported: { ownKey: keys.receiptKey, linkKey: secretKey } }),
  }
}
