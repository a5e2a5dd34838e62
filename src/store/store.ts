import type { AccountStore } from '../accounts/store.ts'
import type { DomainError } from '../errors.ts'
import type { RateStore } from '../limits/rates.ts'
import type { ImportStore } from '../secrets/import-store.ts'
import type { SecretStore } from '../secrets/store.ts'
import type { Seconds } from '../time.ts'
import type { Measurement } from './measurement.ts'
import type { RootStore } from './roots.ts'

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
  /** The clocks of the store and of this server differ too much. Called once, until they agree again. */
  onClockSkew(warning: string): void
}

/** The state of a store that works. */
export interface Readiness {
  /** Why it stores nothing new, when it is full. Reveals and burns still work. */
  readonly full?: string
  /** Why it must not be used although it works: the clocks differ too much. */
  readonly unfit?: string
  /** How far its clock is ahead of this server's, where that is known. */
  readonly clockSkew?: Seconds
  /** Ways in which it may evict unread secrets, let them expire at the wrong time or bring revealed ones back, one line each. */
  readonly warnings: readonly string[]
}

/** An open store: the five contracts, and its maintenance. */
export interface Store {
  readonly secrets: SecretStore
  readonly imports: ImportStore
  readonly accounts: AccountStore
  readonly rates: RateStore
  readonly roots: RootStore

  /**
   * Resolves when secrets can be read and claimed: the store has accepted a write, or is full. Calls within a second share
   * one write.
   *
   * @throws DomainError `store_unavailable` with the reason as cause.
   */
  ready(): Promise<Readiness>
  /** Resolves when the store can be read; costs no more than a read. @throws DomainError `store_unavailable`. */
  reachable(): Promise<void>
  /** Finds out what the store holds, without reading all of it. @throws DomainError `store_unavailable`; a file system error. */
  measure(): Promise<Measurement>
  /** Returns one line for each way in which this store may lose, evict or expose data. */
  warnings(): Promise<string[]>
  /** Finishes pending operations, then closes files and connections. */
  close(): Promise<void>
}
