import type { RecordId } from '../crypto/keys.ts'
import type { Budget } from '../limits/budget.ts'
import type { MetadataRecord, Outcome, StoredPair } from './records.ts'

/** An attempt at a passphrase, counted before anything is hashed. */
export interface Guess {
  /** Who guesses: an opaque, keyed hash of the client's address. */
  readonly source: string
  /** Guesses that one source may make at one secret. */
  readonly perSource: Budget
  /** Guesses that all sources together may make at one secret. */
  readonly perSecret: Budget
}

/** What a claim asks for. */
export interface ClaimRequest {
  readonly outcome: Outcome
  /** Ids of the root keys that this process holds. A record under another one is left alone. */
  readonly roots: readonly string[]
  /** Counted if the secret is protected; without one a protected secret is not handed out. */
  readonly guess?: Guess
}

/** What a claim found. */
export type Claim =
  /** The caller, and nobody else, took the secret. `sealed` is its last copy. */
  | { readonly kind: 'claimed'; readonly sealed: Buffer; readonly metadata: MetadataRecord }
  /** It has a passphrase and is still there. The guess was counted; so many more are heard from this source. */
  | {
      readonly kind: 'protected'
      readonly sealed: Buffer
      readonly metadata: MetadataRecord
      readonly guessesLeft: number
    }
  /** It has a passphrase, and no guess was offered. Nothing was counted. */
  | { readonly kind: 'passphrase_required' }
  /** Too many guesses; seconds until the next one is heard (at least 1). Nothing was counted. */
  | { readonly kind: 'locked'; readonly retryAfter: number }
  /** It is there, sealed under a root key that this process does not hold. Nothing was changed. */
  | { readonly kind: 'unreadable' }
  /** It never existed, was claimed, or its time is over. */
  | { readonly kind: 'gone' }

/**
 * Where secrets live. Every method is one atomic step of the store, also across processes. `now` is Unix
 * milliseconds and is the only clock that decides; the store's own expiry merely cleans up.
 * Every method throws `store_unavailable` when the store cannot be reached or its answer was lost.
 */
export interface SecretStore {
  /**
   * Stores both halves, each with its own expiry, or neither. Durable when it returns. A new secret has both; without
   * the one with the message it is a secret that another store saw end.
   */
  create(pair: StoredPair, now: number): Promise<void>

  /**
   * Takes an unprotected secret: deletes its ciphertext and moves its metadata to the outcome. A protected one is
   * handed out for a try and stays.
   */
  claim(id: RecordId, request: ClaimRequest, now: number): Promise<Claim>

  /**
   * Takes a secret whose passphrase has been proven.
   * @returns Whether this caller took it; false when another was first or its time is over.
   */
  take(id: RecordId, outcome: Outcome, now: number): Promise<boolean>

  /** @returns Whether an unread secret waits, and whether it needs a passphrase. Changes nothing. */
  peek(id: RecordId, now: number): Promise<{ readonly protected: boolean } | undefined>

  /**
   * Reads the metadata after settling what time has done: a secret past its ttl becomes `expired`, one that is
   * missing before its time `orphaned`; `updated` is then `now`.
   * @param mark Moves `new` to `viewed`; the record is returned as it was before that.
   */
  look(id: RecordId, mark: boolean, now: number): Promise<MetadataRecord | undefined>

  /** Removes both halves, as if the secret had never been. */
  withdraw(id: RecordId): Promise<void>

  /**
   * Reads everything, as it is stored, in no particular order. What is created, changed or removed meanwhile may be
   * given, given twice, or left out. For the operator's command line, not for requests.
   */
  all(): AsyncIterable<StoredPair>
}
