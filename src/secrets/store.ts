import type { Milliseconds, Seconds } from '../time.ts'
import type { Attempt } from './attempts.ts'
import type { RecordId } from './keys.ts'
import type { Outcome, ReceiptRecord, StoredPair } from './records.ts'

/** What a claim asks for. */
export interface ClaimRequest {
  readonly outcome: Outcome
  /** Ids of the root keys that this process holds. A record under another one is left alone. */
  readonly roots: readonly string[]
  /** Counted if the secret is protected; without one a protected secret is not handed out. */
  readonly attempt?: Attempt
}

/** What a claim found. */
export type Claim =
  /** This caller, and nobody else, took the secret. `sealed` is its last copy. */
  | { readonly kind: 'claimed'; readonly sealed: Buffer; readonly receipt: ReceiptRecord }
  /** It has a passphrase and is still there. The attempt was counted; this network has so many left. */
  | {
      readonly kind: 'protected'
      readonly sealed: Buffer
      readonly receipt: ReceiptRecord
      readonly attemptsLeft: number
    }
  /** It has a passphrase, and no attempt was made. Nothing was counted. */
  | { readonly kind: 'passphrase_required' }
  /** Too many attempts; seconds until the next one is accepted (at least 1). Nothing was counted. */
  | { readonly kind: 'locked'; readonly retryAfter: Seconds }
  /** It is there, sealed under a root key that this process does not hold. Nothing was changed. */
  | { readonly kind: 'unreadable' }
  /** It never existed, was claimed, or has expired. */
  | { readonly kind: 'gone' }

/** Who reads a receipt: the sender's first reading turns `new` into `viewed`, an observer's changes nothing. */
export type Viewer = 'sender' | 'observer'

/**
 * Where secrets are kept. Every method is one atomic step of the store, also across processes. `now` is the only clock
 * that decides; the store's own expiry merely cleans up. Every method throws `store_unavailable` when the store cannot be
 * reached or its answer was lost.
 */
export interface SecretStore {
  /**
   * Stores both records, each with its own expiry, or neither. Durable when it returns. A new secret has both; without
   * the secret's own it is one that another store saw end.
   */
  create(pair: StoredPair, now: Milliseconds): Promise<void>

  /**
   * Takes an unprotected secret: deletes its ciphertext and moves its receipt to the outcome. A protected one is handed
   * out for an attempt and stays.
   */
  claim(id: RecordId, request: ClaimRequest, now: Milliseconds): Promise<Claim>

  /**
   * Takes a secret whose passphrase has been proven.
   *
   * @returns Whether this caller took it; false when another was first or it has expired.
   */
  take(id: RecordId, outcome: Outcome, now: Milliseconds): Promise<boolean>

  /** Tells whether a secret is available, and whether it needs a passphrase. Changes nothing. */
  peek(id: RecordId, now: Milliseconds): Promise<{ readonly protected: boolean } | undefined>

  /**
   * Brings a receipt up to date with the clock and returns it: a secret past its ttl becomes `expired`, one that is
   * missing before its time `orphaned`; `updated` is then `now`.
   *
   * @param viewer A sender's reading turns `new` into `viewed`; the record is returned as it was before that.
   */
  settle(id: RecordId, viewer: Viewer, now: Milliseconds): Promise<ReceiptRecord | undefined>

  /** Removes both records, as if the secret had never been. */
  withdraw(id: RecordId): Promise<void>

  /**
   * Reads everything as it is stored, in no particular order. What is created, changed or removed meanwhile may be given,
   * given twice, or left out. For the operator's command line, not for requests.
   */
  all(): AsyncIterable<StoredPair>
}
