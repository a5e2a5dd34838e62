import type { Milliseconds, Seconds } from '../time.ts'
import type { AccountId, AccountRecord, RecentEntry, StoredAccount } from './records.ts'

/** How long entries of a recent list are kept, and how many. */
export interface Retention {
  /** Entries created before this time are dropped. */
  readonly horizon: Milliseconds
  /** Maximum number of entries; the newest stay. */
  readonly keep: number
}

/** The condition under which an account is stored. */
export interface SaveCondition {
  /** The account's ids under all root keys. Records under other ids than its own are removed. */
  readonly among: readonly AccountId[]
  /** `absent` only creates an account, `present` only replaces one, `either` does both. */
  readonly when: 'absent' | 'present' | 'either'
}

/**
 * Stores accounts and their recent lists. Every method is one atomic step and throws `store_unavailable` when the store
 * cannot be reached.
 */
export interface AccountStore {
  /** Returns an account; undefined when it does not exist. */
  find(id: AccountId): Promise<AccountRecord | undefined>
  /**
   * Stores an account in one step, if the condition holds. Replacing an account clears its recent lists, because the new
   * token would not open their entries.
   *
   * @returns Whether it was stored; if not, nothing was changed.
   */
  save(id: AccountId, record: AccountRecord, condition: SaveCondition): Promise<boolean>
  /** Removes an account and its recent list. @returns Whether it existed. */
  remove(id: AccountId): Promise<boolean>
  /** Returns every account, in no particular order. For the operator's command line and the index of names. */
  list(): Promise<StoredAccount[]>

  /** Adds an entry to a recent list. The account itself need not be stored: it may come from a setting. */
  remember(id: AccountId, entry: RecentEntry, retention: Retention, now: Milliseconds): Promise<void>
  /** Returns the entries since `horizon`, newest first; within the same millisecond, by their bytes, highest first. */
  recent(id: AccountId, horizon: Milliseconds): Promise<RecentEntry[]>
  /** Yields every account that has a recent list, some possibly twice. For the operator's command line, not for requests. */
  listed(): AsyncIterable<AccountId>

  /** Returns the epoch of an account's sessions; 0 if it was never raised, or so long ago that it was dropped. */
  sessionEpoch(id: AccountId): Promise<Milliseconds>
  /**
   * Raises the epoch of an account's sessions to `at`, and in any case above its last value. Durable when it returns. The
   * account itself need not be stored.
   *
   * @param ttl How long it is kept at least, from `at`. Then it may be dropped.
   * @returns The new epoch.
   */
  raiseSessionEpoch(id: AccountId, at: Milliseconds, ttl: Seconds): Promise<Milliseconds>
  /** Yields every account whose epoch is kept, some possibly twice. For the operator's command line, not for requests. */
  withSessionEpoch(): AsyncIterable<AccountId>
}
