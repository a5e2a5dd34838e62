import { canonicalEmail, isEmailAddress } from '../accounts/email-address.ts'
import { canonicalHost, type Host } from '../host.ts'
import { listOf, Rejection } from './value-types.ts'

/** A custom domain for secret links. */
export interface ShareDomain {
  readonly host: Host
  /** The lower-case email addresses of the accounts that may use it, or `all`. */
  readonly accounts: readonly string[] | 'all'
}

/** The custom domains for secret links, and the accounts that may use each. */
export const shareDomains = listOf(
  '`domain` for everyone or `domain=email|email` for some accounts, separated by commas',
  (text): ShareDomain => {
    const [, domain = '', emails] = /^([^=]+)(?:=([^=]*))?$/.exec(text) ?? []
    const host = canonicalHost(domain)
    if (host === undefined) throw new Rejection()
    if (emails === undefined) return { host, accounts: 'all' }
    const allowed = emails.split('|').map(canonicalEmail)
    if (!allowed.every(isEmailAddress))
      throw new Rejection('has an invalid email address after the equals sign')
    return { host, accounts: allowed }
  },
  ['domain', ({ host }) => host],
)
