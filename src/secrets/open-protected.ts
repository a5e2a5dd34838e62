import { argon2ParametersOf, type Binding, hasDigestInside } from '../crypto/envelope.ts'
import type { Hashing } from '../crypto/hash-queue.ts'
import { DomainError } from '../errors.ts'
import type { Claimant } from './claimant.ts'
import type { SecretsContext } from './context.ts'
import { openImportedText } from './imported-text.ts'
import type { RecordId } from './keys.ts'
import type { Outcome, ReceiptRecord } from './records.ts'
import { openSecret, type Secret } from './secret.ts'
import type { Claim } from './store.ts'

/**
 * Opens a protected secret with the passphrase of an attempt. If the passphrase is right but the settings lack the site secret of
 * an imported one, no attempt counts: that is the operator's fault.
 *
 * @returns Undefined when the passphrase is wrong.
 * @throws DomainError `overloaded`; `missing_site_secret` and `unreadable_record` when an imported secret does not open although
 *   its passphrase may be right.
 */
export async function openProtected(
  context: SecretsContext,
  claimant: Claimant,
  id: RecordId,
  outcome: Outcome,
  found: Claim & { readonly kind: 'protected' },
): Promise<Secret | undefined> {
  const open = hasDigestInside(found.sealed) ? openImported : openStretched
  const secret = await open(context, claimant, found.sealed, bindingOf(id, found)).catch(async (error) => {
    if (isMissingSiteSecret(error)) await context.store.clearAttempts(id, outcome, context.now())
    throw error
  })
  if (secret === undefined && found.attemptsLeft === 0) context.onEvent?.('locked', id, claimant.actor)
  return secret
}

function isMissingSiteSecret(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'missing_site_secret'
}

async function openStretched(
  { ring, hasher }: SecretsContext,
  claimant: Claimant,
  sealed: Buffer,
  binding: Binding<RecordId>,
): Promise<Secret | undefined> {
  const { secretKey, passphrase } = claimant
  const parameters = argon2ParametersOf(sealed)
  const stretched = parameters && (await hasher.stretch(passphrase, hashingFor(claimant), parameters))
  return openSecret(ring, secretKey, stretched, sealed, binding)
}

async function openImported(
  { ring, openImported: open }: SecretsContext,
  claimant: Claimant,
  sealed: Buffer,
  binding: Binding<RecordId>,
): Promise<Secret | undefined> {
  const text = openImportedText(ring, claimant.secretKey, sealed, binding)
  if (text === undefined) throw new DomainError('unreadable_record')
  const value = await open(text, claimant.passphrase, hashingFor(claimant))
  return value === undefined ? undefined : { value, shareDomain: text.shareDomain }
}

/** Returns for whom, and for what, the passphrase of a claimant is hashed. */
export function hashingFor({ network }: Pick<Claimant, 'network'>): Hashing {
  return { purpose: 'claim', network }
}

/** Returns what a secret in the store is bound to. */
export function bindingOf(
  id: RecordId,
  { receipt: { created, ttl } }: { readonly receipt: ReceiptRecord },
): Binding<RecordId> {
  return { id, created, ttl }
}
