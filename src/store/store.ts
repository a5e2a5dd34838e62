import type { AccountStore } from '../accounts/store.ts'
import type { DomainError } from '../errors.ts'
import type { RateStore } from '../limits/rates.ts'
import type { SecretStore } from '../secrets/store.ts'

/** One deletion of what has expired. */
export interface Sweep {
  /** Index entries that were due. */
  readonly removed: number
  readonly seconds: number
}

/** Is called when a store does something by itself. Must not throw. */
export interface StoreWatcher {
  /** The store cannot be reached, or a sweep failed. Called once, until the store has recovered. */
  onFault(fault: DomainError): void
  onSweep(sweep: Sweep): void
  /** A store that had been away was opened again. */
  onReopened(): void
}

/** One opened store: the three contracts on one connection, and its upkeep. */
export interface Store {
  readonly secrets: SecretStore
  readonly accounts: AccountStore
  readonly rates: RateStore

  /** Settles when the store has accepted a write. @throws DomainError `store_unavailable` with the reason as cause. */
  ready(): Promise<void>
  /** Finds the ways in which this store may lose or evict data, one line each. */
  warnings(): Promise<string[]>
  /** Finishes what is under way and closes files and connections. */
  close(): Promise<void>
}
