import { DomainError } from '../errors.ts'
import { claimSecret } from './claim.ts'
import type { Claimant } from './claimant.ts'
import type { SecretsContext } from './context.ts'
import type { Secret } from './secret.ts'

/**
 * Reveals a secret to this caller only.
 *
 * @throws DomainError `unknown_secret` when the secret is unknown or no longer available, or its passphrase is wrong or
 *   missing; and whatever `claimSecret` throws.
 */
export async function reveal(context: SecretsContext, claimant: Claimant): Promise<Secret> {
  const result = await claimSecret(context, claimant, 'received')
  if (result.kind !== 'won') throw new DomainError('unknown_secret')
  return result.secret
}
