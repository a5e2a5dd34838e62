import { DomainError } from '../errors.ts'
import type { Seconds } from '../time.ts'
import { findSecretAlias } from './aliases.ts'
import { attemptFrom } from './attempts.ts'
import type { Claimant } from './claimant.ts'
import type { SecretsContext } from './context.ts'
import { type RecordId, recordIdOf, type SecretKey } from './keys.ts'
import { bindingOf, hashingFor, openProtected } from './open-protected.ts'
import type { Outcome, ReceiptRecord } from './records.ts'
import { sealedUnderMissing } from './root-keys.ts'
import { openSecret, type Secret } from './secret.ts'
import type { Claim } from './store.ts'

/** The result of a claim. */
export type ClaimResult =
  /** `receipt` is the record after the claim. */
  | { readonly kind: 'won'; readonly secret: Secret; readonly receipt: ReceiptRecord }
  /**
   * `attemptsLeft`: how many more attempts this network has; absent when no passphrase was sent. `retryAfter`: if it has none
   * left, the seconds until the next one.
   */
  | {
      readonly kind: 'wrong_passphrase'
      readonly attemptsLeft?: number
      readonly retryAfter?: Seconds
    }
  | { readonly kind: 'gone' }

/** Finds the key that an import gave a secret, by the link that the caller has; undefined if there is none. */
export type FindOwnKey = () => Promise<SecretKey | undefined>

/**
 * Claims a secret for one caller only. An unprotected secret is claimed in one step of the store. A protected one is
 * fetched, opened with the passphrase, and claimed in a second step; before that, only the attempt is counted. If the store
 * has no such secret, it may be an imported one, which has another key than its link.
 *
 * @param findOwn By default, looks for the secret key of the claimant.
 * @throws DomainError `rate_limited` after too many requests or passphrase attempts, `overloaded` when too many are being checked,
 *   `client_disconnected`, `store_unavailable`, `missing_site_secret`, `unreadable_record`. These leave the secret available,
 *   with two exceptions: `store_unavailable` when the store's reply to the claim was lost, and `unreadable_record` when a
 *   ciphertext does not open though its root key is in the ring.
 */
export async function claimSecret(
  context: SecretsContext,
  claimant: Claimant,
  outcome: Outcome,
  findOwn: FindOwnKey = findBySecretLink(context, claimant),
): Promise<ClaimResult> {
  const id = recordIdOf(claimant.secretKey)
  const first = await claimOnce(context, claimant, id, outcome)
  const own = first.kind === 'gone' ? await findOwn() : undefined
  const result =
    own === undefined
      ? first
      : await claimOnce(reportingAs(id, context), { ...claimant, secretKey: own }, recordIdOf(own), outcome)
  context.onEvent?.(result.kind === 'won' ? outcome : result.kind, id, claimant.actor)
  return result
}

/** Creates what finds the own key of an imported secret by the key in its link. */
export function findBySecretLink(context: SecretsContext, { secretKey }: Claimant): FindOwnKey {
  return async () => (await findSecretAlias(context, secretKey))?.secretKey
}

/** Returns a context whose events name the record id of the key in the link, which is all that an operator can know. */
export function reportingAs(id: RecordId, context: SecretsContext): SecretsContext {
  const { onEvent } = context
  return onEvent === undefined
    ? context
    : { ...context, onEvent: (event, _, actor) => onEvent(event, id, actor) }
}

function claimOnce(
  context: SecretsContext,
  claimant: Claimant,
  id: RecordId,
  outcome: Outcome,
): Promise<ClaimResult> {
  return inTurn(context, claimant, id, () => claim(context, claimant, id, outcome))
}

/**
 * Returns a claim that was won.
 *
 * @throws DomainError `unknown_secret` when the secret is not available, `incorrect_passphrase`.
 */
export function assertWon(result: ClaimResult): ClaimResult & { readonly kind: 'won' } {
  if (result.kind === 'gone') throw new DomainError('unknown_secret')
  if (result.kind === 'wrong_passphrase') throw new DomainError('incorrect_passphrase')
  return result
}

/**
 * Runs a passphrase attempt after those that its client network began before. Each is counted before it is known to be right:
 * of several at once with the right passphrase, none may count as one too many.
 */
export function inTurn<T>(
  { turns }: SecretsContext,
  { passphrase, network }: Claimant,
  id: RecordId,
  run: () => Promise<T>,
): Promise<T> {
  return passphrase === '' ? run() : turns.take(`${id}/${network}`, run)
}

async function claim(
  context: SecretsContext,
  claimant: Claimant,
  id: RecordId,
  outcome: Outcome,
): Promise<ClaimResult> {
  const found = await requestClaim(context, claimant, id, outcome)
  switch (found.kind) {
    case 'gone':
      return { kind: 'gone' }
    case 'passphrase_required':
      return { kind: 'wrong_passphrase' }
    case 'claimed': {
      const { secretKey } = claimant
      const secret = openSecret(context.ring, secretKey, undefined, found.sealed, bindingOf(id, found))
      if (secret === undefined) throw new DomainError('unreadable_record')
      return { kind: 'won', secret, receipt: found.receipt }
    }
    case 'protected':
      return takeProtected(context, claimant, id, outcome, found)
  }
}

/**
 * Takes the first step of a claim, which claims an unprotected secret and counts an attempt at a protected one.
 *
 * @throws DomainError `rate_limited`, `overloaded`, `client_disconnected`, `store_unavailable`; `unreadable_record` when
 *   the root key is missing.
 */
export async function requestClaim(
  { store, ring, hasher, now }: SecretsContext,
  claimant: Claimant,
  id: RecordId,
  outcome: Outcome,
): Promise<Exclude<Claim, { kind: 'rate_limited' | 'locked' | 'unreadable' }>> {
  const attempt = claimant.passphrase === '' ? undefined : attemptFrom(ring, claimant.network)
  if (attempt !== undefined) hasher.assertCapacity(hashingFor(claimant))
  assertConnected(claimant)
  const request = { outcome, roots: ring.ids, ...(attempt && { attempt }) }
  const found = await store.claim(id, request, now(), claimant.admission.passOn())
  if (found.kind === 'rate_limited') throw new DomainError('rate_limited', { retryAfter: found.retryAfter })
  if (found.kind === 'unreadable') throw sealedUnderMissing(found.root)
  if (found.kind !== 'locked') return found
  const maxAttempts = attempt?.perNetwork.limit ?? 0
  throw new DomainError('rate_limited', { retryAfter: found.retryAfter, maxAttempts })
}

async function takeProtected(
  context: SecretsContext,
  claimant: Claimant,
  id: RecordId,
  outcome: Outcome,
  found: Claim & { readonly kind: 'protected' },
): Promise<ClaimResult> {
  const secret = await openProtected(context, claimant, id, outcome, found)
  if (secret === undefined) {
    const { attemptsLeft, retryAfter } = found
    return { kind: 'wrong_passphrase', attemptsLeft, ...(retryAfter !== undefined && { retryAfter }) }
  }
  assertConnected(claimant)
  const taken = context.now()
  if (!(await context.store.take(id, outcome, taken))) return { kind: 'gone' }
  return { kind: 'won', secret, receipt: { ...found.receipt, state: outcome, updated: taken } }
}

function assertConnected({ connected }: Claimant): void {
  if (!connected()) throw new DomainError('client_disconnected')
}
