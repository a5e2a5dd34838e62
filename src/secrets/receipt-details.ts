import { type Binding, open, seal } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import type { ReceiptKey, RecordId } from './keys.ts'

/** What a receipt says about people and places: sealed for whoever holds the receipt key. */
export interface ReceiptDetails {
  /** The sender's email address; absent when anonymous. */
  readonly custid?: string | undefined
  /** Obscured addresses. */
  readonly recipients?: readonly string[] | undefined
  readonly shareDomain?: string | undefined
}

/** Seals the details; returns undefined when there are none, so that an anonymous secret is sealed only once. */
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
 * Opens what `sealDetails` sealed.
 *
 * @throws DomainError `unreadable_record` when it does not open.
 */
export function openDetails(
  ring: KeyRing,
  receiptKey: ReceiptKey,
  sealed: Buffer | undefined,
  binding: Binding<RecordId>,
): ReceiptDetails {
  if (sealed === undefined) return {}
  const plaintext = open(ring, keyInput(receiptKey), sealed, binding)
  if (plaintext === undefined) throw new DomainError('unreadable_record')
  return JSON.parse(plaintext.toString()) as ReceiptDetails
}

function keyInput(receiptKey: ReceiptKey) {
  return { label: 'metadata', parts: [receiptKey] } as const
}
