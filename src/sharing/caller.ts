import type { Account } from '../accounts/authenticate.ts'
import type { Locale } from '../i18n/locale.ts'
import type { Admission } from '../limits/admission.ts'
import type { Actor } from '../secrets/actor.ts'

/** Who makes a request, independent of the transport. */
export interface Caller {
  /** Undefined for an anonymous caller. */
  readonly account: Account | undefined
  /** The client network: an IPv4 address, or the /64 of an IPv6 address. */
  readonly network: string
  /** The host that the request was sent to, with its port if it has one. */
  readonly host: string
  /** The language of the response and of the emails. */
  readonly locale: Locale
  /** The rate limit of the request. */
  readonly admission: Admission
  readonly actor: Actor
}
