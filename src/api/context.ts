import type { Locale } from '../i18n/locale.ts'
import type { SharingContext } from '../sharing/context.ts'

/** What the API routes depend on. */
export interface ApiContext extends SharingContext {
  /** Resolves when the store can be reached. @throws DomainError `store_unavailable`. */
  readonly reachable: () => Promise<void>
  /** The language of clients that ask for no language with a catalog. */
  readonly defaultLocale: Locale
}

/** The options of every API plugin. */
export interface ApiOptions {
  readonly context: ApiContext
}
