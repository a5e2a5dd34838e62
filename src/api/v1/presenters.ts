import type { SecretKey } from '../../secrets/keys.ts'
import type { NewReceipt, Receipt } from '../../secrets/receipt.ts'
import type { Secret } from '../../secrets/secret.ts'
import { unixSeconds } from '../../time.ts'
import type { Burned, Created, Generated, Metadata, Recent, Revealed } from './wire-objects.ts'

const SHORT_KEY_LENGTH = 6

/** Presents a receipt as v1's Metadata object. Source: docs/api/v1.md section 4. */
export function presentMetadata(receipt: Receipt): Metadata {
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

/** Presents the receipt of a new secret. Unlike other Metadata objects, it always has a share domain, empty for none. */
export function presentCreated(receipt: NewReceipt): Created {
  return {
    ...presentMetadata(receipt),
    secret_key: receipt.secretKey,
    secret_ttl: receipt.secretTtl,
    share_domain: receipt.shareDomain ?? '',
  }
}

/** Presents the receipt of a generated secret together with its value. */
export function presentGenerated(receipt: NewReceipt, value: string): Generated {
  return { ...presentCreated(receipt), value }
}

/** Presents the recent list as Metadata objects without secret keys. */
export function presentRecent(receipts: readonly Receipt[]): Recent {
  return receipts.map((receipt) => ({ ...presentMetadata(receipt), secret_key: undefined }))
}

/** Presents a burned secret. */
export function presentBurned(receipt: Receipt, secretKey: SecretKey): Burned {
  return { state: presentMetadata(receipt), secret_shortkey: secretKey.slice(0, SHORT_KEY_LENGTH) }
}

/** Presents a revealed secret. The share domain is omitted when there is none. */
export function presentRevealed({ value, shareDomain }: Secret, secretKey: SecretKey): Revealed {
  return { value, secret_key: secretKey, share_domain: shareDomain }
}
