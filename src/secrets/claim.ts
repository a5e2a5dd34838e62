import { argon2ParametersOf } from '../crypto/envelope.ts'
import { DomainError } from '../errors.ts'
import { attemptFrom } from './attempts.ts'
import type { SecretsContext } from './context.ts'
import { type RecordId, recordIdOf, type SecretKey } from './keys.ts'
import type { Outcome, ReceiptRecord } from './records.ts'
import { openSecret, type Secret } from './secret.ts'
import type { Claim } from './store.ts'

/** A caller trying to reveal or burn a secret. */
export interface Claimant {
  readonly secretKey: SecretKey
  /** Empty for none. */
  readonly passphrase: string
  /** The client network, under which passphrase attempts are counted. */
  readonly network: string
  /** Tells whether the client is still there to be answered; asked right before each claim. */
  readonly connected: () => boolean
}

/** What became of a claim. */
export type ClaimResult =
  /** `receipt` is the record as the claim left it. */
  | { readonly kind: 'won'; readonly secret: Secret; readonly receipt: ReceiptRecord }
  /** `attemptsLeft`: how many more this network has; absent when no passphrase was offered. */
  | { readonly kind: 'wrong_passphrase'; readonly attemptsLeft?: number }
  | { readonly kind: 'gone' }

/**
 * Ends a secret, for one caller only. An unprotected one is claimed in one step of the store. A protected one is
 * fetched, opened with the passphrase, and then claimed; until that second step nothing has changed.
 *
 * @throws DomainError `rate_limited` after too many wrong passphrases, `overloaded` when too many are being checked,
 *   `client_disconnected`, `store_unavailable`, `unreadable_record`. None of these costs the secret, but for a
 *   `store_unavailable` by which the store's answer to the claim was lost, and an `unreadable_record` that was damaged
 *   beyond what the store can see.
 */
export async function claimSecret(
  context: SecretsContext,
  claimant: Claimant,
  outcome: Outcome,
): Promise<ClaimResult> {
  const id = recordIdOf(claimant.secretKey)
  const result = await claim(context, claimant, id, outcome)
  context.onEvent?.(result.kind === 'won' ? outcome : result.kind, id)
  return result
}

async function claim(
  context: SecretsContext,
  claimant: Claimant,
  id: RecordId,
  outcome: Outcome,
): Promise<ClaimResult> {
  const { store, ring, hasher, now } = context
  const attempt = claimant.passphrase === '' ? {} : { attempt: attemptFrom(ring, claimant.network) }
  if (claimant.passphrase !== '') hasher.assertCapacity()

  assertConnected(claimant)
  const found = await store.claim(id, { outcome, roots: ring.ids, ...attempt }, now())
  switch (found.kind) {
    case 'gone':
      return { kind: 'gone' }
    case 'passphrase_required':
      return { kind: 'wrong_passphrase' }
    case 'locked':
      throw new DomainError('rate_limited', { retryAfter: found.retryAfter })
    case 'unreadable':
      throw new DomainError('unreadable_record')
    case 'claimed': {
      const secret = openSecret(ring, claimant.secretKey, undefined, found.sealed, bindingOf(id, found))
      if (secret === undefined) throw new DomainError('unreadable_record')
      return { kind: 'won', secret, receipt: found.receipt }
    }
    case 'protected':
      return takeProtected(context, claimant, id, outcome, found)
  }
}

async function takeProtected(
  { store, ring, hasher, now }: SecretsContext,
  claimant: Claimant,
  id: RecordId,
  outcome: Outcome,
  found: Claim & { readonly kind: 'protected' },
): Promise<ClaimResult> {
  const { sealed, receipt } = found
  const parameters = argon2ParametersOf(sealed)
  const stretched = parameters && (await hasher.stretch(claimant.passphrase, parameters))
  const secret = openSecret(ring, claimant.secretKey, stretched, sealed, bindingOf(id, found))
  if (secret === undefined) return { kind: 'wrong_passphrase', attemptsLeft: found.attemptsLeft }
  assertConnected(claimant)
  const taken = now()
  if (!(await store.take(id, outcome, taken))) return { kind: 'gone' }
  return { kind: 'won', secret, receipt: { ...receipt, state: outcome, updated: taken } }
}

function assertConnected({ connected }: Claimant): void {
  if (!connected()) throw new DomainError('client_disconnected')
}

function bindingOf(id: RecordId, { receipt: { created, ttl } }: { readonly receipt: ReceiptRecord }) {
  return { id, created, ttl }
}
