import type { AccountStore } from '../accounts/store.ts'
import type { DomainError } from '../errors.ts'
import type { RateStore } from '../limits/rates.ts'
import type { SecretStore } from '../secrets/store.ts'

/** One sweep, which deletes expired records. */
export interface Sweep {
  /** Index entries that were due. */
  readonly removed: number
  readonly seconds: number
}

/** Is notified of what a store does in the background. Must not throw. */
export interface StoreWatcher {
  /** The store cannot be reached, or a sweep failed. Called once, until the store has recovered. */
  onFault(fault: DomainError): void
  onSweep(sweep: Sweep): void
  /** The store was unreachable and has been reopened. */
  onReopened(): void
}

/** An open store: the three contracts, and its maintenance. */
export interface Store {
  readonly secrets: SecretStore
  readonly accounts: AccountStore
  readonly rates: RateStore

  /** Resolves when the store has accepted a write. @throws DomainError `store_unavailable` with the reason as cause. */
  ready(): Promise<void>
  /** Returns one line for each way in which this store may lose, evict or expose data. */
  warnings(): Promise<string[]>
  /** Finishes pending operations, then closes files and connections. */
  close(): Promise<void>
}
