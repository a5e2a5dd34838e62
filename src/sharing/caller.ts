import type { Account } from '../accounts/authenticate.ts'
import type { Locale } from '../i18n/locale.ts'

/** Who makes a request, whatever transport it came by. */
export interface Caller {
  /** Undefined for an anonymous caller. */
  readonly account: Account | undefined
  /** The client network: an IPv4 address, or the /64 of an IPv6 address. */
  readonly network: string
  /** The host that the request was sent to, with its port if it has one. */
  readonly host: string
  /** The language in which the caller, and whoever is emailed, is addressed. */
  readonly locale: Locale
}
