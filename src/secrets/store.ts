import type { Quota } from '../limits/rates.ts'
import type { Milliseconds, Seconds } from '../time.ts'
import type { Attempt } from './attempts.ts'
import type { RecordId } from './keys.ts'
import type { AvailableSecret, Outcome, ReceiptRecord, StoredPair } from './records.ts'

/** A request to claim a secret. */
export interface ClaimRequest {
  readonly outcome: Outcome
  /** Ids of the root keys in the ring. A secret sealed under any other is not claimed. */
  readonly roots: readonly string[]
  /** The passphrase attempt, counted if the secret is protected. Without it, a protected secret is not returned. */
  readonly attempt?: Attempt
}

/** The result of `SecretStore.claim`. */
export type Claim =
  /** The rate limit is reached; seconds until the next request is accepted (at least 1). Nothing was looked at or changed. */
  | { readonly kind: 'rate_limited'; readonly retryAfter: Seconds }
  /** This caller alone has claimed the secret. `sealed` is its last copy. */
  | { readonly kind: 'claimed'; readonly sealed: Buffer; readonly receipt: ReceiptRecord }
  /**
   * The secret has a passphrase and remains in the store. The attempt was counted. `retryAfter`: if the client network has no
   * attempt left, the seconds until its next one is accepted (at least 1).
   */
  | {
      readonly kind: 'protected'
      readonly sealed: Buffer
      readonly receipt: ReceiptRecord
      readonly attemptsLeft: number
      readonly retryAfter?: Seconds
    }
  /** The secret has a passphrase, but the request had no attempt. Nothing was counted. */
  | { readonly kind: 'passphrase_required' }
  /** Too many attempts; seconds until the next one is accepted (at least 1). Nothing was counted. */
  | { readonly kind: 'locked'; readonly retryAfter: Seconds }
  /** The secret is sealed under a root key that is missing from the ring; `root` is its id. Nothing was changed. */
  | { readonly kind: 'unreadable'; readonly root: string }
  /** The secret never existed, was claimed, or has expired. */
  | { readonly kind: 'gone' }

/** Who views a receipt: the sender's first view turns `new` into `viewed`; an observer's does not. */
export type Viewer = 'sender' | 'observer'

/**
 * Stores secrets and their receipts. Every method is one atomic step, also across processes. Only `now` decides whether a
 * record has expired; the store's own expiry merely cleans up. Every method throws `store_unavailable` when the store
 * cannot be reached or its reply was lost.
 */
export interface SecretStore {
  /**
   * Stores both records, each with its own expiry, or neither. Durable when it returns. Only a pair copied from another
   * store may lack its secret.
   *
   * @param quota What the request counts against, in the same step. Without it, nothing is counted.
   * @returns 0 when the records are stored; otherwise the rate limit is reached, and these are the seconds until the next
   *   request is accepted, at least 1.
   */
  create(pair: StoredPair, now: Milliseconds, quota?: Quota): Promise<Seconds>

  /**
   * Claims an unprotected secret: deletes its ciphertext and moves its receipt to the outcome. A protected secret is
   * returned for an attempt, and remains.
   *
   * @param quota As for `create`.
   */
  claim(id: RecordId, request: ClaimRequest, now: Milliseconds, quota?: Quota): Promise<Claim>

  /**
   * Claims a protected secret after its passphrase was verified, and clears the attempts at it.
   *
   * @returns Whether this caller claimed it; false when another caller was first or the secret has expired.
   */
  take(id: RecordId, outcome: Outcome, now: Milliseconds): Promise<boolean>

  /** Returns what its receipt says of an available secret; undefined when it is not available. Changes nothing. */
  peek(id: RecordId, now: Milliseconds): Promise<AvailableSecret | undefined>

  /**
   * Brings a receipt up to date and returns it: a secret past its ttl becomes `expired`, one missing before that
   * `orphaned`; `updated` is then `now`.
   *
   * @param viewer A sender turns `new` into `viewed`, but this call still returns `new`.
   */
  settle(id: RecordId, viewer: Viewer, now: Milliseconds): Promise<ReceiptRecord | undefined>

  /**
   * Does the same as `settle` for an observer, for each of many receipts. Each is an atomic step, but one message to the
   * store carries as many as possible.
   *
   * @returns In the order of the ids.
   */
  settleAll(ids: readonly RecordId[], now: Milliseconds): Promise<(ReceiptRecord | undefined)[]>

  /**
   * Replaces the memo of a receipt, or removes it, and keeps everything else: state, `updated` and expiry.
   *
   * @param memo Sealed, after its salt; undefined to remove it.
   * @returns Whether the receipt exists.
   */
  setMemo(id: RecordId, memo: Buffer | undefined, now: Milliseconds): Promise<boolean>

  /** Returns the number of passphrase attempts to reveal a secret since it was created or they were cleared. */
  countAttempts(id: RecordId): Promise<number>

  /** Clears the passphrase attempts to reveal or burn a secret, so that every client network may try again. */
  clearAttempts(id: RecordId, outcome: Outcome, now: Milliseconds): Promise<void>

  /** Removes both records. */
  withdraw(id: RecordId): Promise<void>

  /**
   * Yields every stored pair, in no particular order. Pairs that change meanwhile may be yielded once, twice or not at all.
   * For the operator's command line, not for requests.
   */
  all(): AsyncIterable<StoredPair>
}
