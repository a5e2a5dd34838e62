import type { AccountStore } from '../accounts/store.ts'
import type { DomainError } from '../errors.ts'
import type { RateStore } from '../limits/rates.ts'
import type { SecretStore } from '../secrets/store.ts'

/** One deletion of what is over. */
export interface Sweep {
  /** Index entries that were due. */
  readonly removed: number
  readonly seconds: number
}

/** Is told what a store does by itself. Must not throw. */
export interface StoreWatcher {
  /** The store cannot be reached, or does not take a sweep; said once, until it is well again. */
  onFault(fault: DomainError): void
  onSweep(sweep: Sweep): void
}

/** One opened store: the three contracts on one connection, and its care. */
export interface Store {
  readonly secrets: SecretStore
  readonly accounts: AccountStore
  readonly rates: RateStore

  /** Settles when the store accepts writes. @throws DomainError `store_unavailable` with the reason as cause. */
  ready(): Promise<void>
  /** @returns One line for each way in which this store may lose or evict data; empty when it is sound. */
  concerns(): Promise<string[]>
  /** Finishes what is under way and lets go of files and connections. */
  close(): Promise<void>
}
