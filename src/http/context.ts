import type { AccountsContext } from '../accounts/context.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { SecretsContext } from '../secrets/context.ts'
import type { ShareDomains } from '../secrets/domains.ts'
import type { TtlPolicy } from '../secrets/ttl.ts'
import type { Limiter } from './limits.ts'

/** What a deployment allows. */
export interface Policy {
  /** Where this site is reached: scheme, host, base path if any; no trailing slash. */
  readonly publicUrl: string
  readonly anonymousCreate: boolean
  readonly ttl: TtlPolicy
  /** The greatest size of a secret, in bytes. */
  readonly secretMaxBytes: number
  readonly domains: ShareDomains
}

/** How the pages present themselves. */
export interface Site {
  readonly name: string
  /** `#rrggbb`; undefined for the built-in colour. */
  readonly accent: string | undefined
  /** Undefined for the built-in one. */
  readonly logo: { readonly bytes: Buffer; readonly type: 'svg' | 'png' } | undefined
  /** The name of the region that this server stands in, if it has one. */
  readonly region: string | undefined
  /** Where the regions are reached. */
  readonly regions: readonly { readonly name: string; readonly url: string }[]
}

/** What the routes work with. */
export interface HttpContext {
  readonly secrets: SecretsContext
  readonly accounts: AccountsContext
  readonly limiter: Limiter
  /** Undefined when no SMTP server is configured. */
  readonly mailer: Mailer | undefined
  readonly policy: Policy
  readonly site: Site
  /** Settles when the store accepts writes. @throws DomainError `store_unavailable`. */
  readonly ready: () => Promise<void>
}
