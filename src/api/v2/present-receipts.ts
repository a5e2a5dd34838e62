import type { Receipt } from '../../secrets/receipt.ts'
import { secretExpiry } from '../../secrets/records.ts'
import { secretLink } from '../../sharing/links.ts'
import { type Milliseconds, type Seconds, unixSeconds } from '../../time.ts'
import { presentReceipt } from './present-records.ts'
import { LINES_WITHOUT_VALUE } from './present-secrets.ts'
import type { Version } from './version.ts'
import type { Burned, Recent, Shown } from './wire-objects.ts'

const MINUTE = 60
const HOUR = 3600
const DAY = 86_400

/** Presents a receipt to its holder. */
export function presentShown(version: Version, publicUrl: string, receipt: Receipt): Shown {
  const isLive = receipt.secretKey !== undefined
  const isOpen = isLive && !receipt.passphraseRequired
  const hasRecipients = receipt.recipients.length > 0
  return {
    record: { ...presentAddressed(version, publicUrl, receipt), secret_state: isLive ? 'new' : null },
    details: {
      type: 'record',
      display_lines: LINES_WITHOUT_VALUE,
      no_cache: true,
      secret_realttl: receipt.secretTtl ?? null,
      view_count: 0,
      first_access: null,
      last_access: null,
      has_passphrase: isLive && receipt.passphraseRequired,
      can_decrypt: isLive,
      secret_value: null,
      show_secret: isOpen,
      show_secret_link: isOpen && !hasRecipients,
      show_receipt_link: isLive,
      show_receipt: true,
      show_recipients: hasRecipients,
    },
  }
}

/** Presents the receipt of a secret that was to be burned, and says whether it was. */
export function presentBurned(
  version: Version,
  publicUrl: string,
  receipt: Receipt,
  result: 'burned' | 'not burned',
): Burned {
  return {
    success: result === 'burned',
    record: presentAddressed(version, publicUrl, receipt),
    details: {
      type: 'record',
      title: 'Secret burned',
      display_lines: 0,
      display_feedback: false,
      no_cache: true,
      view_count: 0,
      has_passphrase: false,
      can_decrypt: false,
      show_secret: false,
      show_secret_link: false,
      show_receipt_link: false,
      show_receipt: true,
      show_recipients: receipt.recipients.length > 0,
      is_orphaned: receipt.state === 'orphaned',
    },
  }
}

/** Presents the recent list of an account, without secret keys. */
export function presentRecent(
  version: Version,
  custid: string,
  receipts: readonly Receipt[],
  { since, now }: { readonly since: Milliseconds; readonly now: Milliseconds },
): Recent {
  const records = receipts
    .map((receipt) => ({ ...presentReceipt(version, receipt), secret_identifier: null }))
    .sort((a, b) => b.updated - a.updated)
  return {
    success: true,
    custid,
    count: records.length,
    records,
    details: {
      type: 'list',
      scope: null,
      scope_label: null,
      since: unixSeconds(since),
      now: unixSeconds(now),
      has_items: records.length > 0,
      revealed_receipts: records.filter((record) => record.is_destroyed),
      pending_receipts: records.filter((record) => !record.is_destroyed),
    },
  }
}

function presentAddressed(version: Version, publicUrl: string, receipt: Receipt) {
  const { receiptKey, secretKey, shareDomain, ttl } = receipt
  const path = `receipt/${receiptKey}`
  const url = `${publicUrl}/${path}`
  return {
    ...presentReceipt(version, receipt),
    natural_expiration: inWords(ttl),
    expiration: unixSeconds(secretExpiry(receipt)),
    expiration_in_seconds: ttl,
    share_path: secretKey ? `secret/${secretKey}` : null,
    burn_path: `${path}/burn`,
    receipt_path: path,
    metadata_path: path,
    share_url: secretKey ? secretLink(publicUrl, shareDomain, secretKey) : null,
    receipt_url: url,
    metadata_url: url,
    burn_url: `${url}/burn`,
  }
}

// In English, as clients compare it. Source: docs/api/v2.md section 4.
function inWords(ttl: Seconds): string {
  if (ttl <= MINUTE) return `${ttl} seconds`
  if (ttl <= HOUR) return `${Math.floor(ttl / MINUTE)} minutes`
  if (ttl <= DAY) return `${Math.floor(ttl / HOUR)} hours`
  return `${Math.floor(ttl / DAY)} days`
}
