import { DomainError } from '../errors.ts'
import { canonicalHost, type Host } from '../host.ts'
import type { Caller } from './caller.ts'
import type { ShareDomains, SharingPolicy } from './policy.ts'

/**
 * Chooses the domain of a secret link. By default, a request to a custom domain creates a link on that domain.
 *
 * @param requested The `share_domain` parameter as the client sent it. The site's own host requests no custom domain.
 * @returns Undefined for the site's own domain.
 * @throws DomainError `unknown_domain` when the domain is not configured or not allowed for this caller.
 */
export function chooseShareDomain(
  { domains, publicUrl }: Pick<SharingPolicy, 'domains' | 'publicUrl'>,
  { account, host }: Pick<Caller, 'account' | 'host'>,
  requested = '',
): Host | undefined {
  const subject = requested.trim()
  if (subject === '' && domains.size === 0) return undefined
  const site = new URL(publicUrl)
  if (subject === '') {
    const arrivedOn = canonicalHost(host, site.protocol)
    return mayUse(domains, arrivedOn, account?.email) ? arrivedOn : undefined
  }
  const wanted = canonicalHost(subject, site.protocol)
  // The port is optional here.
  const own = [site.host, site.hostname].map((own) => canonicalHost(own))
  if (wanted !== undefined && own.includes(wanted)) return undefined
  if (!mayUse(domains, wanted, account?.email))
    throw new DomainError('unknown_domain', { subject: requested })
  return wanted
}

/** Returns the custom domains that a caller may use; `email` is in lower case, undefined for an anonymous caller. */
export function domainsFor(domains: ShareDomains, email: string | undefined): Host[] {
  return [...domains.keys()].filter((host) => mayUse(domains, host, email))
}

function mayUse(domains: ShareDomains, host: Host | undefined, email: string | undefined): boolean {
  const users = host && domains.get(host)
  return users === 'all' || (users !== undefined && email !== undefined && users.has(email))
}
