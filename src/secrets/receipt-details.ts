import { type Binding, missingRootOf, open, seal } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { missingRootOfSalted, openSalted, sealSalted } from '../crypto/salted-envelope.ts'
import type { ReceiptKey, RecordId } from './keys.ts'
import { unreadable } from './root-keys.ts'

/** The part of a receipt that identifies people and domains, sealed for the holder of the receipt key. */
export interface ReceiptDetails {
  /** The sender's email address; absent when anonymous. */
  readonly custid?: string | undefined
  /** Obscured addresses. */
  readonly recipients?: readonly string[] | undefined
  readonly shareDomain?: string | undefined
}

/** Seals the details of a receipt. Returns undefined when it has none, which saves anonymous secrets a second seal. */
export function sealDetails(
  ring: KeyRing,
  receiptKey: ReceiptKey,
  details: ReceiptDetails,
  binding: Binding<RecordId>,
): Buffer | undefined {
  const { custid, recipients, shareDomain } = details
  if (custid === undefined && shareDomain === undefined && !recipients?.length) return undefined
  return seal(ring, detailsKey(receiptKey), Buffer.from(JSON.stringify(details)), binding)
}

/**
 * Opens the details of a receipt.
 *
 * @throws DomainError `unreadable_record` when they do not open.
 */
export function openDetails(
  ring: KeyRing,
  receiptKey: ReceiptKey,
  sealed: Buffer | undefined,
  binding: Binding<RecordId>,
): ReceiptDetails {
  if (sealed === undefined) return {}
  const details = open(ring, detailsKey(receiptKey), sealed, binding)
  if (details === undefined) throw unreadable(missingRootOf(ring, sealed))
  return JSON.parse(details.toString()) as ReceiptDetails
}

/**
 * Seals a memo. Unlike the details, it can change, so each one has a key of its own. Source: src/crypto/SPEC.md section 3.
 *
 * @returns A salt of 16 bytes, then the envelope.
 */
export function sealMemo(
  ring: KeyRing,
  receiptKey: ReceiptKey,
  memo: string,
  binding: Binding<RecordId>,
): Buffer {
  return sealSalted(ring, memoKey(receiptKey), Buffer.from(memo), binding)
}

/**
 * Opens a memo.
 *
 * @param stored The salt and the envelope.
 * @throws DomainError `unreadable_record` when it does not open.
 */
export function openMemo(
  ring: KeyRing,
  receiptKey: ReceiptKey,
  stored: Buffer,
  binding: Binding<RecordId>,
): string {
  const memo = openSalted(ring, memoKey(receiptKey), stored, binding)
  if (memo === undefined) throw unreadable(missingRootOfSalted(ring, stored))
  return memo.toString()
}

function detailsKey(receiptKey: ReceiptKey) {
  return { label: 'metadata', parts: [receiptKey] } as const
}

function memoKey(receiptKey: ReceiptKey) {
  return { label: 'memo', parts: [receiptKey] } as const
}
