import type { RecordId } from '../../src/secrets/keys.ts'
import type { Store } from '../../src/store/store.ts'

/** How a process of its own opens the store: one exported function of the compiled server. */
interface Opener {
  /** The compiled module, relative to `dist`. */
  readonly module: string
  /** The name of the exported function, which returns a promise of a `Store`. */
  readonly name: string
  /** Its arguments, as JSON can carry them. */
  readonly args: readonly unknown[]
}

/** What an adapter's test offers so that the contract can be run on it. */
export interface StoreHarness {
  /** @returns A further connection to the same data. The caller closes it. */
  open(): Promise<Store>
  /** @returns How another process opens the same data. */
  opener(): Opener
  /** Deletes the secret's half behind the store's back, as an evicting store would. */
  evict(id: RecordId): Promise<void>
  /** Stops and starts what holds the data. Left out where closing every connection is all there is to it. */
  restart?(): Promise<void>
}
