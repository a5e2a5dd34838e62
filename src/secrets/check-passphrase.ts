import { DomainError } from '../errors.ts'
import { type Claimant, inTurn, openProtected, requestClaim } from './claim.ts'
import type { SecretsContext } from './context.ts'
import { recordIdOf } from './keys.ts'
import { type Peeked, peekSecret } from './peek.ts'
import type { Outcome } from './records.ts'

/**
 * Checks the passphrase of a secret and leaves the secret available. The attempt counts as one to claim it.
 *
 * @param outcome What the caller would claim it for.
 * @returns What a peek finds.
 * @throws DomainError `unknown_secret` when it is not available, `incorrect_passphrase`; and whatever `claimSecret` throws.
 */
export async function checkPassphrase(
  context: SecretsContext,
  claimant: Claimant,
  outcome: Outcome,
): Promise<Peeked> {
  // Before anything is known of the secret.
  await claimant.admission.count()
  const peeked = await peekSecret(context, claimant.secretKey)
  if (peeked === undefined) throw new DomainError('unknown_secret')
  if (!peeked.passphraseRequired) return peeked
  const id = recordIdOf(claimant.secretKey)
  await inTurn(context, claimant, id, async () => {
    // For an unprotected secret, this would be the claim itself; but no secret loses its passphrase.
    const found = await requestClaim(context, claimant, id, outcome)
    if (found.kind === 'gone') throw new DomainError('unknown_secret')
    if (found.kind === 'protected' && (await openProtected(context, claimant, id, found))) return
    context.onEvent?.('wrong_passphrase', id, claimant.actor)
    throw new DomainError('incorrect_passphrase')
  })
  return peeked
}
