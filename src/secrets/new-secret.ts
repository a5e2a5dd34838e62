import { DomainError } from '../errors.ts'
import type { Admission } from '../limits/admission.ts'
import type { Seconds } from '../time.ts'
import type { Actor } from './actor.ts'
import type { SecretsContext } from './context.ts'
import { newReceiptKey, recordIdOf, secretKeyOf } from './keys.ts'
import { type NewReceipt, type Receipt, receiptOf } from './receipt.ts'
import { type ReceiptDetails, sealDetails } from './receipt-details.ts'
import type { Origin, ReceiptRecord } from './records.ts'
import { sealSender } from './sealed-sender.ts'
import { sealSecret } from './secret.ts'

/** Maximum size of a passphrase. */
export const MAX_PASSPHRASE_BYTES = 1024

/** A secret to store. */
export interface NewSecret extends ReceiptDetails {
  readonly value: string
  /** A generated value is shown to the sender at once, so its receipt is stored as `viewed`. */
  readonly origin: Origin
  /** Empty for none. */
  readonly passphrase: string
  /** The client network of the sender, which shares the queue of passphrases with others. */
  readonly network: string
  /** The sender's email address, if the recipient may see it before revealing the secret. */
  readonly sender?: string | undefined
  /** As granted by the sharing policy. */
  readonly ttl: Seconds
  /** Maximum size of the value, in bytes of UTF-8. */
  readonly maxBytes: number
  /** The rate limit, counted before the passphrase is stretched, or else when the secret is stored. */
  readonly admission: Admission
  readonly actor: Actor
}

/**
 * Seals and stores a secret under fresh keys.
 *
 * @returns The receipt, with both keys.
 * @throws DomainError `nothing_to_share`, `secret_too_large`, `passphrase_too_large`, `rate_limited`,
 *   `overloaded`, `store_unavailable`.
 */
export async function storeNewSecret(context: SecretsContext, secret: NewSecret): Promise<NewReceipt> {
  assertShareable(secret)
  const { store, ring, hasher, now, onEvent } = context
  const { passphrase, network, ttl, value, origin, custid, recipients, shareDomain, admission } = secret
  const details: ReceiptDetails = { custid, recipients, shareDomain }
  const receiptKey = newReceiptKey()
  const secretKey = secretKeyOf(receiptKey)
  const purpose = custid === undefined ? 'anonymous' : 'account'
  if (passphrase !== '') await admission.count()
  const stretched = passphrase === '' ? undefined : await hasher.stretch(passphrase, { purpose, network })

  const created = now()
  const id = recordIdOf(secretKey)
  const binding = { id, created, ttl }
  const sealedDetails = sealDetails(ring, receiptKey, details, binding)
  const receipt: ReceiptRecord = {
    state: origin === 'generated' ? 'viewed' : 'new',
    created,
    updated: created,
    ttl,
    protected: stretched !== undefined,
    origin,
    ...(sealedDetails && { sealed: sealedDetails }),
  }
  const sealed = sealSecret(ring, secretKey, stretched, { value, shareDomain }, binding)
  const record = {
    sealed,
    protected: receipt.protected,
    root: ring.current.id,
    ...(secret.sender !== undefined && { sender: sealSender(ring, secretKey, secret.sender, binding) }),
  }
  const retryAfter = await store.create({ id, secret: record, receipt }, created, admission.passOn())
  if (retryAfter > 0) throw new DomainError('rate_limited', { retryAfter })
  onEvent?.('created', id, secret.actor)
  const shown = receiptOf({ receiptKey, secretKey }, receipt, details, created)
  // Also a generated one, whose value the sender has seen.
  return { ...shown, state: 'new', secretKey, secretTtl: ttl }
}

/**
 * Removes a new secret again. If the store fails, the secret remains until its ttl, but no one has its link.
 */
export async function withdrawSecret(
  { store, onEvent }: SecretsContext,
  { receiptKey }: Receipt,
  actor: Actor,
): Promise<void> {
  const id = recordIdOf(secretKeyOf(receiptKey))
  await store.withdraw(id).catch(() => undefined)
  onEvent?.('withdrawn', id, actor)
}

/**
 * Checks a secret before anything is done for it.
 *
 * @throws DomainError `nothing_to_share`, `secret_too_large`, `passphrase_too_large`.
 */
export function assertShareable({ value, passphrase, maxBytes }: NewSecret): void {
  if (value === '') throw new DomainError('nothing_to_share')
  if (Buffer.byteLength(value) > maxBytes) throw new DomainError('secret_too_large', { limit: maxBytes })
  if (Buffer.byteLength(passphrase) > MAX_PASSPHRASE_BYTES) {
    throw new DomainError('passphrase_too_large', { limit: MAX_PASSPHRASE_BYTES })
  }
}
