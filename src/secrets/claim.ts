import { argon2ParametersOf } from '../crypto/envelope.ts'
import { type RecordId, recordIdOf } from '../crypto/keys.ts'
import { DomainError } from '../errors.ts'
import type { SecretsContext } from './context.ts'
import { guessFrom } from './guesses.ts'
import { type Message, openMessage } from './message.ts'
import type { MetadataRecord, Outcome } from './records.ts'

/** Who asks for the end of a secret, and with what. */
export interface Claimant {
  /** 31 characters of `[a-z0-9]`. */
  readonly secretKey: string
  /** Empty for none. */
  readonly passphrase: string
  /** The client's network address, for counting wrong passphrases. */
  readonly address: string
  /** @returns Whether the client is still there to be answered; asked right before each claim. */
  readonly connected: () => boolean
}

/** What became of a claim. */
export type ClaimResult =
  /** `metadata` is the record as the claim left it. */
  | { readonly kind: 'won'; readonly message: Message; readonly metadata: MetadataRecord }
  /** `guessesLeft`: how many more are heard from this address soon; absent when no passphrase was offered. */
  | { readonly kind: 'wrong_passphrase'; readonly guessesLeft?: number }
  | { readonly kind: 'gone' }

/**
 * Ends a secret, for one caller only. An unprotected one is claimed in one step of the store. A protected one is
 * fetched, opened with the passphrase, and then claimed; until that second step nothing has changed.
 * @throws DomainError `rate_limited` after too many wrong passphrases, `overloaded` when too many are being
 *   checked, `client_gone` when nobody would hear the answer, `store_unavailable`, `unreadable_record`. None of
 *   these costs the secret, but for a `store_unavailable` by which the store's answer to the claim was lost, and an
 *   `unreadable_record` that was damaged beyond what the store can see.
 */
export async function claimSecret(
  context: SecretsContext,
  claimant: Claimant,
  outcome: Outcome,
): Promise<ClaimResult> {
  const id = recordIdOf(claimant.secretKey)
  const result = await attempt(context, claimant, id, outcome)
  context.observe?.(result.kind === 'won' ? outcome : result.kind, id)
  return result
}

async function attempt(
  { store, ring, hasher, now }: SecretsContext,
  { secretKey, passphrase, address, connected }: Claimant,
  id: RecordId,
  outcome: Outcome,
): Promise<ClaimResult> {
  const guess = passphrase === '' ? {} : { guess: guessFrom(ring, address) }
  if (passphrase !== '') hasher.assertRoom()

  if (!connected()) throw new DomainError('client_gone')
  const claim = await store.claim(id, { outcome, roots: ring.ids, ...guess }, now())
  switch (claim.kind) {
    case 'gone':
      return { kind: 'gone' }
    case 'passphrase_required':
      return { kind: 'wrong_passphrase' }
    case 'locked':
      throw new DomainError('rate_limited', { retryAfter: claim.retryAfter })
    case 'unreadable':
      throw new DomainError('unreadable_record')
    case 'claimed':
    case 'protected':
      break
  }

  const { sealed, metadata } = claim
  const binding = { id, created: metadata.created, ttl: metadata.ttl }
  if (claim.kind === 'claimed') {
    const message = openMessage(ring, secretKey, undefined, sealed, binding)
    if (message === undefined) throw new DomainError('unreadable_record')
    return { kind: 'won', message, metadata }
  }

  const parameters = argon2ParametersOf(sealed)
  const stretched = parameters && (await hasher.stretch(passphrase, parameters))
  const message = openMessage(ring, secretKey, stretched, sealed, binding)
  if (message === undefined) return { kind: 'wrong_passphrase', guessesLeft: claim.guessesLeft }
  if (!connected()) throw new DomainError('client_gone')
  const taken = now()
  if (!(await store.take(id, outcome, taken))) return { kind: 'gone' }
  return { kind: 'won', message, metadata: { ...metadata, state: outcome, updated: taken } }
}
