import { DomainError } from '../errors.ts'
import { type FindOwnKey, findBySecretLink, inTurn, reportingAs, requestClaim } from './claim.ts'
import type { Claimant } from './claimant.ts'
import type { SecretsContext } from './context.ts'
import { recordIdOf } from './keys.ts'
import { openProtected } from './open-protected.ts'
import { type Peeked, peekOwn } from './peek.ts'
import type { Outcome } from './records.ts'

/**
 * Checks the passphrase of a secret and leaves the secret available. The attempt counts as one to claim it.
 *
 * @param outcome What the caller would claim it for.
 * @param findOwn By default, looks for the secret key of the claimant.
 * @returns What a peek finds.
 * @throws DomainError `unknown_secret` when it is not available, `incorrect_passphrase`; and whatever `claimSecret` throws.
 */
export async function checkPassphrase(
  context: SecretsContext,
  claimant: Claimant,
  outcome: Outcome,
  findOwn: FindOwnKey = findBySecretLink(context, claimant),
): Promise<Peeked> {
  // Before anything is known of the secret.
  await claimant.admission.count()
  const id = recordIdOf(claimant.secretKey)
  const peeked = await check(context, claimant, outcome)
  if (peeked !== undefined) return peeked
  const own = await findOwn()
  const imported = own && (await check(reportingAs(id, context), { ...claimant, secretKey: own }, outcome))
  if (imported === undefined) throw new DomainError('unknown_secret')
  return imported
}

async function check(
  context: SecretsContext,
  claimant: Claimant,
  outcome: Outcome,
): Promise<Peeked | undefined> {
  const peeked = await peekOwn(context, claimant.secretKey)
  if (!peeked?.passphraseRequired) return peeked
  const id = recordIdOf(claimant.secretKey)
  await inTurn(context, claimant, id, async () => {
    // For an unprotected secret, this would be the claim itself; but no secret loses its passphrase.
    const found = await requestClaim(context, claimant, id, outcome)
    if (found.kind === 'gone') throw new DomainError('unknown_secret')
    if (found.kind === 'protected' && (await openProtected(context, claimant, id, outcome, found))) return
    context.onEvent?.('wrong_passphrase', id, claimant.actor)
    throw new DomainError('incorrect_passphrase')
  })
  return peeked
}
