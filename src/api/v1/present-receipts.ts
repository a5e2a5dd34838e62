import type { Receipt } from './receipt-objects.ts'
import type { Metadata } from './wire-objects.ts'

/**
 * Adds the newer names to a Metadata object. Where it has no secret key, the result has none under any name.
 *
 * @param publicUrl The public address of the site, with its base path but no trailing slash.
 */
export function addReceiptNames<Given extends Metadata>(publicUrl: string, metadata: Given) {
  const url = `${publicUrl}/receipt/${metadata.metadata_key}`
  return {
    ...metadata,
    identifier: metadata.metadata_key,
    secret_identifier: metadata.secret_key as Given['secret_key'],
    has_passphrase: metadata.passphrase_required,
    recipients: metadata.recipient,
    receipt_ttl: metadata.metadata_ttl,
    receipt_url: url,
    metadata_url: url,
  } satisfies Receipt
}
