import { randomBytes } from 'node:crypto'
import { type Binding, type KeyInput, missingRootOf, open, seal } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import type { ReceiptKey, RecordId } from './keys.ts'
import { sealedUnderMissing } from './root-keys.ts'

const MEMO_SALT_BYTES = 16

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
  return JSON.parse(openOrThrow(ring, detailsKey(receiptKey), sealed, binding)) as ReceiptDetails
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
  const salt = randomBytes(MEMO_SALT_BYTES)
  return Buffer.concat([salt, seal(ring, memoKey(receiptKey, salt), Buffer.from(memo), binding)])
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
  const salt = stored.subarray(0, MEMO_SALT_BYTES)
  return openOrThrow(ring, memoKey(receiptKey, salt), stored.subarray(MEMO_SALT_BYTES), binding)
}

function openOrThrow(ring: KeyRing, keyInput: KeyInput, sealed: Buffer, binding: Binding<RecordId>): string {
  const plaintext = open(ring, keyInput, sealed, binding)
  if (plaintext !== undefined) return plaintext.toString()
  const root = missingRootOf(ring, sealed)
  throw root === undefined ? new DomainError('unreadable_record') : sealedUnderMissing(root)
}

function detailsKey(receiptKey: ReceiptKey) {
  return { label: 'metadata', parts: [receiptKey] } as const
}

function memoKey(receiptKey: ReceiptKey, salt: Buffer) {
  return { label: 'memo', parts: [receiptKey, salt] } as const
}
