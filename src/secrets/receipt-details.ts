import { type Binding, missingRootOf, open, seal } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import type { ReceiptKey, RecordId } from './keys.ts'
import { sealedUnderMissing } from './root-keys.ts'

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
  return seal(ring, keyInput(receiptKey), Buffer.from(JSON.stringify(details)), binding)
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
  const plaintext = open(ring, keyInput(receiptKey), sealed, binding)
  if (plaintext === undefined) {
    const root = missingRootOf(ring, sealed)
    throw root === undefined ? new DomainError('unreadable_record') : sealedUnderMissing(root)
  }
  return JSON.parse(plaintext.toString()) as ReceiptDetails
}

function keyInput(receiptKey: ReceiptKey) {
  return { label: 'metadata', parts: [receiptKey] } as const
}
