import type { SharingContext } from '../../sharing/context.ts'

/** What the routes of the API work with. */
export interface ApiContext extends SharingContext {
  /** Settles when the store can be reached. @throws DomainError `store_unavailable`. */
  readonly ready: () => Promise<void>
}

/** The options of each plugin of the API. */
export interface ApiOptions {
  readonly context: ApiContext
}
