import type { Host } from '../host.ts'
import type { TtlPolicy } from './ttl.ts'

/**
 * The custom domains for secret links: host → the email addresses, in lower case, of the accounts that may use it, or
 * `all` for every caller.
 */
export type ShareDomains = ReadonlyMap<Host, ReadonlySet<string> | 'all'>

/** What the operator allows callers to create. */
export interface SharingPolicy {
  /** The public address of the site, with its base path but no trailing slash. */
  readonly publicUrl: string
  /** Whether callers without an account may create secrets. */
  readonly anonymousCreate: boolean
  readonly ttl: TtlPolicy
  /** Maximum size of a secret, in bytes of UTF-8. */
  readonly secretMaxBytes: number
  readonly domains: ShareDomains
}
