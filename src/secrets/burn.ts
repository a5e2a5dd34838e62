import { assertWon, type Claimant, claimSecret } from './claim.ts'
import type { SecretsContext } from './context.ts'
import { type ReceiptKey, type SecretKey, secretKeyOf } from './keys.ts'
import { type Receipt, readReceipt } from './receipt.ts'

/** A caller trying to burn a secret. */
export interface Burner extends Omit<Claimant, 'secretKey'> {
  readonly receiptKey: ReceiptKey
}

/**
 * Burns a secret without revealing it.
 *
 * @returns Its receipt, with the state `burned`, and its secret key.
 * @throws DomainError `unknown_secret` when the secret is unknown or no longer available, `incorrect_passphrase` when the
 *   passphrase is wrong or missing; and whatever `claimSecret` throws.
 */
export async function burn(
  context: SecretsContext,
  { receiptKey, ...burner }: Burner,
): Promise<{ readonly receipt: Receipt; readonly secretKey: SecretKey }> {
  const secretKey = secretKeyOf(receiptKey)
  const result = assertWon(await claimSecret(context, { ...burner, secretKey }, 'burned'))
  const receipt = readReceipt(context.ring, { receiptKey, secretKey }, result.receipt, context.now())
  return { receipt, secretKey }
}
