import type { SharingContext } from '../sharing/context.ts'

/** What the API routes depend on. */
export interface ApiContext extends SharingContext {
  /** Resolves when the store can be reached. @throws DomainError `store_unavailable`. */
  readonly reachable: () => Promise<void>
}

/** The options of every API plugin. */
export interface ApiOptions {
  readonly context: ApiContext
}
