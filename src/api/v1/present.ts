import type { SecretKey } from '../../secrets/keys.ts'
import type { Receipt } from '../../secrets/receipt.ts'

const SHORT_KEY_LENGTH = 6

/** @returns The Metadata object of an answer that creates: it names the share domain also when there is none. */
export function presentCreated(receipt: Receipt) {
  return { ...presentMetadata(receipt), share_domain: receipt.shareDomain ?? '' }
}

/** @returns The Metadata object. Source: v1-api section 4. */
export function presentMetadata(receipt: Receipt) {
  const { state, created, updated, ttl, secretKey, secretTtl, shareDomain } = receipt
  return {
    custid: receipt.custid ?? 'anon',
    metadata_key: receipt.receiptKey,
    secret_key: secretKey,
    ttl,
    metadata_ttl: receipt.receiptTtl,
    secret_ttl: secretTtl,
    state,
    updated: unixSeconds(updated),
    created: unixSeconds(created),
    received: state === 'received' ? unixSeconds(updated) : undefined,
    recipient: receipt.recipients,
    share_domain: shareDomain,
    passphrase_required: receipt.passphraseRequired,
  }
}

/** @returns An element of the recent list: a Metadata object that does not lead to the secret. */
export function presentRecent(receipt: Receipt) {
  return { ...presentMetadata(receipt), secret_key: undefined }
}

/** @returns The answer to a burn. */
export function presentBurned(receipt: Receipt, secretKey: SecretKey) {
  return { state: presentMetadata(receipt), secret_shortkey: secretKey.slice(0, SHORT_KEY_LENGTH) }
}

function unixSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}
