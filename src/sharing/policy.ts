import type { TtlPolicy } from './ttl.ts'

/**
 * The custom domains on which secret links may be made: host in lower case → the accounts (email address in lower case)
 * that may use it, or `all` callers.
 */
export type ShareDomains = ReadonlyMap<string, ReadonlySet<string> | 'all'>

/** What a deployment allows its callers to create. */
export interface SharingPolicy {
  /** Where this site is reached: scheme, host, base path if any; no trailing slash. */
  readonly publicUrl: string
  /** Whether callers without an account may create secrets. */
  readonly anonymousCreate: boolean
  readonly ttl: TtlPolicy
  /** Maximum size of a secret, in bytes of UTF-8. */
  readonly secretMaxBytes: number
  readonly domains: ShareDomains
}
