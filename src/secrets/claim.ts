import { argon2ParametersOf } from '../crypto/envelope.ts'
import { DomainError } from '../errors.ts'
import type { Admission } from '../limits/admission.ts'
import type { Seconds } from '../time.ts'
import type { Actor } from './actor.ts'
import { attemptFrom } from './attempts.ts'
import type { SecretsContext } from './context.ts'
import { type RecordId, recordIdOf, type SecretKey } from './keys.ts'
import type { Outcome, ReceiptRecord } from './records.ts'
import { sealedUnderMissing } from './root-keys.ts'
import { openSecret, type Secret } from './secret.ts'
import type { Claim } from './store.ts'

/** A caller trying to reveal or burn a secret. */
export interface Claimant {
  readonly secretKey: SecretKey
  /** Empty for none. */
  readonly passphrase: string
  /** The client network, for which passphrase attempts are counted. */
  readonly network: string
  /** Tells whether the client is still connected; called right before each claim. */
  readonly connected: () => boolean
  /** The rate limit, counted in the first step of the claim. */
  readonly admission: Admission
  readonly actor: Actor
}

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

/**
 * Claims a secret for one caller only. An unprotected secret is claimed in one step of the store. A protected one is
 * fetched, opened with the passphrase, and claimed in a second step; before that, only the attempt is counted.
 *
 * @throws DomainError `rate_limited` after too many requests or passphrase attempts, `overloaded` when too many are being checked,
 *   `client_disconnected`, `store_unavailable`, `unreadable_record`. These leave the secret available, with two exceptions:
 *   `store_unavailable` when the store's reply to the claim was lost, and `unreadable_record` when a ciphertext does not
 *   open though its root key is in the ring.
 */
export async function claimSecret(
  context: SecretsContext,
  claimant: Claimant,
  outcome: Outcome,
): Promise<ClaimResult> {
  const id = recordIdOf(claimant.secretKey)
  const result = await inTurn(context, claimant, id, () => claim(context, claimant, id, outcome))
  context.onEvent?.(result.kind === 'won' ? outcome : result.kind, id, claimant.actor)
  return result
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

/**
 * Opens a protected secret with the passphrase of an attempt.
 *
 * @returns Undefined when the passphrase is wrong.
 * @throws DomainError `overloaded`.
 */
export async function openProtected(
  { ring, hasher, onEvent }: SecretsContext,
  claimant: Claimant,
  id: RecordId,
  found: Claim & { readonly kind: 'protected' },
): Promise<Secret | undefined> {
  const { secretKey, passphrase, actor } = claimant
  const parameters = argon2ParametersOf(found.sealed)
  const stretched = parameters && (await hasher.stretch(passphrase, hashingFor(claimant), parameters))
  const secret = openSecret(ring, secretKey, stretched, found.sealed, bindingOf(id, found))
  if (secret === undefined && found.attemptsLeft === 0) onEvent?.('locked', id, actor)
  return secret
}

async function takeProtected(
  context: SecretsContext,
  claimant: Claimant,
  id: RecordId,
  outcome: Outcome,
  found: Claim & { readonly kind: 'protected' },
): Promise<ClaimResult> {
  const secret = await openProtected(context, claimant, id, found)
  if (secret === undefined) {
    const { attemptsLeft, retryAfter } = found
    return { kind: 'wrong_passphrase', attemptsLeft, ...(retryAfter !== undefined && { retryAfter }) }
  }
  assertConnected(claimant)
  const taken = context.now()
  if (!(await context.store.take(id, outcome, taken))) return { kind: 'gone' }
  return { kind: 'won', secret, receipt: { ...found.receipt, state: outcome, updated: taken } }
}

function hashingFor({ network }: Claimant) {
  return { purpose: 'claim', network } as const
}

function assertConnected({ connected }: Claimant): void {
  if (!connected()) throw new DomainError('client_disconnected')
}

function bindingOf(id: RecordId, { receipt: { created, ttl } }: { readonly receipt: ReceiptRecord }) {
  return { id, created, ttl }
}
