import { canonicalEmail, isEmailAddress } from '../accounts/email-address.ts'
import { canonicalHost, type Host } from '../host.ts'
import { listOf, Rejection } from './value-types.ts'

/** A custom domain for secret links. */
export interface ShareDomain {
  readonly host: Host
  /** The lower-case email addresses of the accounts that may use it, or `all`. */
  readonly accounts: readonly string[] | 'all'
}

// An IPv6 address in brackets, or labels of letters, digits, hyphens and underscores; then a port, if any.
const NAME = /^(\[.+\]|\w([\w-]*\w)?(\.\w([\w-]*\w)?)*)(:\d+)?$/

/** The custom domains for secret links, and the accounts that may use each. */
export const shareDomains = listOf(
  '`domain` for everyone or `domain=email|email` for some accounts, separated by commas',
  (text): ShareDomain => {
    const [, domain = '', emails] = /^([^=]+)(?:=([^=]*))?$/.exec(text) ?? []
    const host = canonicalHost(domain)
    if (domain.includes('*')) throw new Rejection('has a wildcard: name each domain instead')
    if (host === undefined || !NAME.test(host)) throw new Rejection()
    if (emails === undefined) return { host, accounts: 'all' }
    const allowed = emails.split('|').map(canonicalEmail)
    if (!allowed.every(isEmailAddress))
      throw new Rejection('has an invalid email address after the equals sign')
    return { host, accounts: allowed }
  },
  ['domain', ({ host }) => host],
)

/**
 * Removes the default port of the site's scheme, which all links have, from custom domains.
 *
 * @param publicUrl The site's public address; undefined for the default one, which is http.
 */
export function withoutDefaultPorts(
  domains: readonly ShareDomain[],
  publicUrl: string | undefined,
): ShareDomain[] {
  const { protocol } = new URL(publicUrl ?? 'http://localhost')
  return domains.map((domain) => ({ ...domain, host: canonicalHost(domain.host, protocol) ?? domain.host }))
}
