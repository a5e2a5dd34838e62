import type { Host } from '../host.ts'
import type { Caller } from './caller.ts'
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
  /** The same for an anonymous caller; not above `secretMaxBytes`. */
  readonly secretMaxBytesAnonymous: number
  readonly domains: ShareDomains
}

/** How large secrets may be. */
export type SizePolicy = Pick<SharingPolicy, 'secretMaxBytes' | 'secretMaxBytesAnonymous'>

/** Returns the maximum size of a secret of this caller, in bytes of UTF-8. */
export function secretMaxBytesFor(policy: SizePolicy, { account }: Pick<Caller, 'account'>): number {
  return account === undefined ? policy.secretMaxBytesAnonymous : policy.secretMaxBytes
}
