import type { ReceiptAlias } from './aliases.ts'
import { type KeyPair, type ReceiptKey, type SecretKey, secretKeyOf } from './keys.ts'

/** The keys of a receipt and its secret, by which their records are found and opened. */
export interface ReceiptKeys extends KeyPair {
  /** The keys in the links of an imported receipt, which are others. */
  readonly links?: KeyPair
}

/** Of an imported receipt, what its links do not say. */
export interface ImportedReceipt {
  /** The key of its records. */
  readonly ownKey: ReceiptKey
  /** The key in its secret link, also once the secret is no longer available. */
  readonly linkKey: SecretKey
}

/**
 * Returns the keys behind a receipt link.
 *
 * @param alias Where the link leads, if its receipt was imported.
 */
export function keysBehind(receiptKey: ReceiptKey, alias?: ReceiptAlias): ReceiptKeys {
  const own = alias?.receiptKey ?? receiptKey
  const secretKey = secretKeyOf(own)
  if (alias === undefined) return { receiptKey: own, secretKey }
  return { receiptKey: own, secretKey, links: { receiptKey, secretKey: alias.linkKey ?? secretKey } }
}
