import type { RecordId } from '../../src/secrets/keys.ts'
import type { Store } from '../../src/store/store.ts'

/** How another process opens the store: one exported function of the compiled server. */
interface Opener {
  /** The compiled module, relative to `dist`. */
  readonly module: string
  /** The name of the exported function, which returns a promise of a `Store`. */
  readonly name: string
  /** Its arguments, as JSON can carry them. */
  readonly args: readonly unknown[]
}

/** What a store has that keeps its data where other processes reach them. */
export interface SharedData {
  readonly shared?: true
  /** Returns how another process opens the same data. */
  opener(): Opener
}

/** What a store has that keeps its data in this process. */
interface PrivateData {
  readonly shared: false
}

/** What every adapter's test offers so that the contract can be run on it. */
interface Harness {
  /** Opens a further connection to the same data. The caller closes it. */
  open(): Promise<Store>
  /** Deletes the record of a secret behind the store's back, as an evicting store would. */
  evict(id: RecordId): Promise<void>
  /** Stops and starts what holds the data. Left out where closing every connection is a restart. */
  restart?(): Promise<void>
}

/** What an adapter's test offers, with the difference between adapters that the contract has to know. */
export type StoreHarness = Harness & (SharedData | PrivateData)
