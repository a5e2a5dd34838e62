import type { AccountId, AccountRecord, RecentEntry, StoredAccount } from './records.ts'

/**
 * Where accounts and their recent lists live. Every method is one atomic step and throws `store_unavailable`
 * when the store cannot be reached.
 */
export interface AccountStore {
  find(id: AccountId): Promise<AccountRecord | undefined>
  /** Creates or replaces an account. */
  save(id: AccountId, record: AccountRecord): Promise<void>
  /** Removes an account and its recent list. @returns Whether it existed. */
  remove(id: AccountId): Promise<boolean>
  /** @returns Every account, in no particular order. For the operator's command line, not for requests. */
  list(): Promise<StoredAccount[]>

  /**
   * Adds to an account's recent list and drops what is older than `horizon` or beyond the newest `keep` entries.
   * The list need not belong to a stored account.
   * @param horizon Unix milliseconds.
   * @param now Unix milliseconds.
   */
  remember(id: AccountId, entry: RecentEntry, horizon: number, keep: number, now: number): Promise<void>
  /** @returns The entries since `horizon` (Unix ms), newest first; those of one millisecond by their bytes, greatest first. */
  recent(id: AccountId, horizon: number): Promise<RecentEntry[]>
  /** Names every account that has a recent list, perhaps twice. For the operator's command line, not for requests. */
  listed(): AsyncIterable<AccountId>
}
