import { isKey } from '../crypto/keys.ts'
import { DomainError } from '../errors.ts'
import { type Claimant, claimSecret } from './claim.ts'
import type { SecretsContext } from './context.ts'
import type { Message } from './message.ts'

/**
 * Reveals and burns a secret.
 * @returns The message, to this caller and to nobody after.
 * @throws DomainError `unknown_secret` when it is unknown, gone or expired, or the passphrase is wrong or missing;
 *   and whatever `claimSecret` throws.
 */
export async function reveal(context: SecretsContext, claimant: Claimant): Promise<Message> {
  if (!isKey(claimant.secretKey)) throw new DomainError('unknown_secret')
  const result = await claimSecret(context, claimant, 'received')
  if (result.kind !== 'won') throw new DomainError('unknown_secret')
  return result.message
}
