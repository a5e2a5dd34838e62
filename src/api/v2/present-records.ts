import { urNameOf } from '../../accounts/ur-name.ts'
import { type SecretKey, secretKeyOf } from '../../secrets/keys.ts'
import type { Receipt } from '../../secrets/receipt.ts'
import type { State } from '../../secrets/records.ts'
import { isPending } from '../../secrets/states.ts'
import { type Milliseconds, type Seconds, unixSeconds } from '../../time.ts'
import type { ReceiptRecord, SecretRecord, ValuedSecretRecord } from './records.ts'
import type { Version } from './version.ts'

const SHORT_LENGTH = 8

/** What the record of a secret says. */
export interface PresentableSecret {
  readonly secretKey: SecretKey
  readonly created: Milliseconds
  /** As granted at creation. */
  readonly ttl: Seconds
  readonly passphraseRequired: boolean
}

/** Presents a secret that is available. */
export function presentSecret(secret: PresentableSecret): SecretRecord {
  const { secretKey, ttl, passphraseRequired } = secret
  const created = unixSeconds(secret.created)
  return {
    identifier: secretKey,
    key: secretKey,
    shortid: shortOf(secretKey),
    state: 'new',
    lifespan: ttl,
    secret_ttl: ttl,
    has_passphrase: passphraseRequired,
    verification: false,
    created,
    updated: created,
    is_previewed: false,
    is_revealed: false,
    is_viewed: false,
    is_received: false,
  }
}

/** Presents a secret that was revealed at `revealed`. */
export function presentRevealedSecret(
  secret: PresentableSecret,
  revealed: Milliseconds,
  value: string,
): ValuedSecretRecord {
  return {
    secret_value: value,
    ...presentSecret(secret),
    state: 'revealed',
    updated: unixSeconds(revealed),
    is_revealed: true,
    is_received: true,
  }
}

// Whether the sender has looked at the receipt is v1's notion only.
const STATES = {
  new: 'new',
  viewed: 'new',
  received: 'revealed',
  burned: 'burned',
  expired: 'expired',
  orphaned: 'orphaned',
} as const satisfies Record<State, ReceiptRecord['state']>

/** Presents a receipt. Source: docs/api/v2.md section 4. */
export function presentReceipt(version: Version, receipt: Receipt): ReceiptRecord {
  const { receiptKey, secretKey, ttl, custid, recipients, shareDomain, imported } = receipt
  const state = STATES[receipt.state]
  const created = unixSeconds(receipt.created)
  // A look at the receipt by v1 changes it, but nothing that these versions show.
  const updated = isPending(receipt.state) ? created : unixSeconds(receipt.updated)
  const isRevealed = state === 'revealed'
  return {
    identifier: receiptKey,
    key: receiptKey,
    shortid: shortOf(receiptKey),
    custid: custid ?? null,
    owner_id: custid === undefined ? null : urNameOf(custid),
    state,
    secret_shortid: shortOf(secretKey ?? imported?.linkKey ?? secretKeyOf(receiptKey)),
    secret_identifier: secretKey ?? '',
    secret_ttl: ttl,
    metadata_ttl: ttl,
    receipt_ttl: ttl,
    lifespan: ttl,
    share_domain: shareDomain ?? null,
    created,
    updated,
    shared: null,
    previewed: null,
    revealed: isRevealed ? updated : null,
    viewed: null,
    received: isRevealed ? updated : null,
    burned: state === 'burned' ? updated : null,
    recipients: version === 'v2' ? recipients.join(', ') : recipients.length > 0 ? recipients : null,
    recipient_name: null,
    memo: receipt.memo ?? null,
    show_recipients: recipients.length > 0,
    is_previewed: false,
    is_viewed: false,
    is_received: isRevealed,
    is_revealed: isRevealed,
    is_burned: state === 'burned',
    is_expired: state === 'expired',
    is_orphaned: state === 'orphaned',
    is_destroyed: state !== 'new',
    has_passphrase: receipt.passphraseRequired,
    kind: receipt.origin === 'generated' ? 'generate' : 'conceal',
    source: 'standard',
  }
}

function shortOf(key: string): string {
  return key.slice(0, SHORT_LENGTH)
}
