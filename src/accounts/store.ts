import type { Milliseconds } from '../time.ts'
import type { AccountId, AccountRecord, RecentEntry, StoredAccount } from './records.ts'

/** How long and how long a list an account's recent secrets are kept. */
export interface Retention {
  /** Entries that are older are dropped. */
  readonly horizon: Milliseconds
  /** Maximum number of entries; the newest stay. */
  readonly keep: number
}

/** When an account is stored. */
export interface SaveCondition {
  /** The ids under which the account may already be: one under each root key. All but its own are removed. */
  readonly among: readonly AccountId[]
  /** `absent` creates an account, `present` replaces one, `either` does what is needed. */
  readonly when: 'absent' | 'present' | 'either'
}

/**
 * Where accounts and their recent lists are kept. Every method is one atomic step and throws `store_unavailable` when the
 * store cannot be reached.
 */
export interface AccountStore {
  /** Returns an account; undefined when there is none. */
  find(id: AccountId): Promise<AccountRecord | undefined>
  /**
   * Stores an account in one step, if its condition holds. Replacing one empties its recent lists, whose entries no token
   * opens any more.
   *
   * @returns Whether it was stored; if not, nothing was changed.
   */
  save(id: AccountId, record: AccountRecord, condition: SaveCondition): Promise<boolean>
  /** Removes an account and its recent list. @returns Whether it existed. */
  remove(id: AccountId): Promise<boolean>
  /** Returns every account, in no particular order. For the operator's command line, not for requests. */
  list(): Promise<StoredAccount[]>

  /** Adds to an account's recent list. The list need not belong to a stored account. */
  remember(id: AccountId, entry: RecentEntry, retention: Retention, now: Milliseconds): Promise<void>
  /** Returns the entries since `horizon`, newest first; those of one millisecond by their bytes, highest first. */
  recent(id: AccountId, horizon: Milliseconds): Promise<RecentEntry[]>
  /** Names every account that has a recent list, perhaps twice. For the operator's command line, not for requests. */
  listed(): AsyncIterable<AccountId>
}
