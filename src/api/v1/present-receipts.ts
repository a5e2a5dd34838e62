import type { CreatedReceipt, Receipt } from './receipt-objects.ts'
import type { Created, Metadata } from './wire-objects.ts'

/**
 * Adds the newer names to a Metadata object. Where it has no secret key, the result has none under any name.
 *
 * @param publicUrl The public address of the site, with its base path but no trailing slash.
 */
export function addReceiptNames(publicUrl: string, metadata: Created): CreatedReceipt
export function addReceiptNames(publicUrl: string, metadata: Metadata): Receipt
export function addReceiptNames(publicUrl: string, metadata: Metadata): Receipt {
  const url = `${publicUrl}/receipt/${metadata.metadata_key}`
  return {
    ...metadata,
    identifier: metadata.metadata_key,
    secret_identifier: metadata.secret_key,
    has_passphrase: metadata.passphrase_required,
    recipients: metadata.recipient,
    receipt_ttl: metadata.metadata_ttl,
    receipt_url: url,
    metadata_url: url,
  }
}
