import { canonicalEmail, isEmailAddress } from '../../accounts/email-address.ts'
import { canonicalHost } from '../../host.ts'
import { cleanMemo } from '../../secrets/edit-memo.ts'
import { sealImported } from '../../secrets/imported-text.ts'
import { newReceiptKey, type ReceiptKey, recordIdOf, secretKeyOf } from '../../secrets/keys.ts'
import { type ReceiptDetails, sealDetails, sealMemo } from '../../secrets/receipt-details.ts'
import type { ReceiptRecord, State, StoredPair } from '../../secrets/records.ts'
import { sealSecret } from '../../secrets/secret.ts'
import type { Milliseconds } from '../../time.ts'
import type { ImportContext } from './context.ts'
import type { Lifetime } from './lifetime.ts'
import type { OldReceipt } from './old-records.ts'
import type { ReadText } from './read-text.ts'

/** What both records of a secret are made of. */
export interface NewPair {
  readonly lifetime: Lifetime
  readonly state: State
  readonly updated: Milliseconds
  readonly protected: boolean
  readonly receipt: OldReceipt | undefined
  readonly shareDomain: string | undefined
  /** Undefined for a receipt whose secret is gone. */
  readonly text: Exclude<ReadText, { readonly kind: 'damaged' }> | undefined
}

/**
 * Seals both records under a fresh receipt key and stores them. Nobody can open them until an alias leads to that key, so that
 * what an import leaves when it is interrupted is harmless.
 *
 * @returns The receipt key.
 * @throws DomainError `store_unavailable`.
 */
export async function storeNewPair({ secrets }: ImportContext, pair: NewPair): Promise<ReceiptKey> {
  const receiptKey = newReceiptKey()
  await secrets.store.create(sealPair(secrets, receiptKey, pair), secrets.now())
  return receiptKey
}

/** Removes records to which no alias leads. */
export async function withdrawPair({ secrets }: ImportContext, receiptKey: ReceiptKey): Promise<void> {
  await secrets.store.withdraw(recordIdOf(secretKeyOf(receiptKey)))
}

function sealPair(
  { ring }: ImportContext['secrets'],
  receiptKey: ReceiptKey,
  { lifetime, state, updated, receipt, text, ...pair }: NewPair,
): StoredPair {
  const secretKey = secretKeyOf(receiptKey)
  const id = recordIdOf(secretKey)
  const binding = { id, ...lifetime }
  const shareDomain = canonicalHost(pair.shareDomain ?? '')
  const details = sealDetails(ring, receiptKey, { ...detailsOf(receipt), shareDomain }, binding)
  const memo = cleanMemo(receipt?.memo ?? '')
  const record: ReceiptRecord = {
    ...lifetime,
    state,
    updated,
    protected: pair.protected,
    origin: 'given',
    ...(details && { sealed: details }),
    ...(memo !== '' && { memo: sealMemo(ring, receiptKey, memo, binding) }),
  }
  if (text === undefined) return { id, receipt: record }
  const sealed =
    text.kind === 'value'
      ? sealSecret(ring, secretKey, undefined, { value: text.value, shareDomain }, binding)
      : sealImported(ring, secretKey, { shareDomain, ...text.text }, binding)
  return { id, receipt: record, secret: { sealed, protected: pair.protected, root: ring.current.id } }
}

function detailsOf(receipt: OldReceipt | undefined): ReceiptDetails {
  const custid = canonicalEmail(receipt?.custid ?? '')
  const recipients = (receipt?.recipients ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')
  return {
    ...(isEmailAddress(custid) && { custid }),
    ...(recipients.length > 0 && { recipients }),
  }
}
