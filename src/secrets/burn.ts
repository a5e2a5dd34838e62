import { findReceiptAlias, type ReceiptAlias } from './aliases.ts'
import { checkPassphrase } from './check-passphrase.ts'
import { assertWon, claimSecret, type FindOwnKey } from './claim.ts'
import type { Claimant } from './claimant.ts'
import type { SecretsContext } from './context.ts'
import { type ReceiptKey, type SecretKey, secretKeyOf } from './keys.ts'
import { type Receipt, readReceipt } from './receipt.ts'
import { keysBehind } from './receipt-keys.ts'

/** A caller trying to burn a secret. */
export interface Burner extends Omit<Claimant, 'secretKey'> {
  readonly receiptKey: ReceiptKey
}

/**
 * Burns a secret without revealing it.
 *
 * @returns Its receipt, with the state `burned`, and the secret key in its link.
 * @throws DomainError `unknown_secret` when the secret is unknown or no longer available, `incorrect_passphrase` when the
 *   passphrase is wrong or missing; and whatever `claimSecret` throws.
 */
export async function burn(
  context: SecretsContext,
  { receiptKey, ...burner }: Burner,
): Promise<{ readonly receipt: Receipt; readonly secretKey: SecretKey }> {
  let alias: ReceiptAlias | undefined
  const findOwn = findByReceiptLink(context, receiptKey, (found) => {
    alias = found
  })
  const claimant = { ...burner, secretKey: secretKeyOf(receiptKey) }
  const result = assertWon(await claimSecret(context, claimant, 'burned', findOwn))
  const keys = keysBehind(receiptKey, alias)
  const receipt = readReceipt(context.ring, keys, result.receipt, context.now())
  return { receipt, secretKey: keys.links?.secretKey ?? keys.secretKey }
}

/**
 * Checks the passphrase with which a caller would burn a secret, and leaves the secret available.
 *
 * @throws As `checkPassphrase`.
 */
export async function checkBurner(context: SecretsContext, { receiptKey, ...burner }: Burner): Promise<void> {
  const claimant = { ...burner, secretKey: secretKeyOf(receiptKey) }
  await checkPassphrase(context, claimant, 'burned', findByReceiptLink(context, receiptKey))
}

function findByReceiptLink(
  context: SecretsContext,
  receiptKey: ReceiptKey,
  onFound?: (alias: ReceiptAlias) => void,
): FindOwnKey {
  return async () => {
    const alias = await findReceiptAlias(context, receiptKey)
    if (alias === undefined) return undefined
    onFound?.(alias)
    return secretKeyOf(alias.receiptKey)
  }
}
