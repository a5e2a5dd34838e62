import { DomainError } from '../errors.ts'

/**
 * The custom domains that links may be made on: host in lower case → the accounts (e-mail in lower case) that may
 * use it, or `all` callers.
 */
export type ShareDomains = ReadonlyMap<string, ReadonlySet<string> | 'all'>

/**
 * @param own The site's own host, in lower case, with its port if it has one.
 * @param requested The `share_domain` parameter as it came; empty or the site's own host asks for none.
 * @param arrivedOn The host that the request came to: a custom domain makes links on itself.
 * @param custid The caller's e-mail in lower case; undefined for an anonymous one.
 * @returns The domain for the link; undefined for the site's own.
 * @throws DomainError `unknown_domain` when it is not configured or not for this caller.
 */
export function chooseShareDomain(
  domains: ShareDomains,
  own: string,
  requested: string | undefined,
  arrivedOn: string | undefined,
  custid: string | undefined,
): string | undefined {
  const wanted = requested?.trim().toLowerCase()
  if (wanted === undefined || wanted === '') {
    const host = arrivedOn?.toLowerCase()
    return host !== undefined && mayUse(domains, host, custid) ? host : undefined
  }
  if (wanted === own) return undefined
  if (!mayUse(domains, wanted, custid))
    throw new DomainError('unknown_domain', { subject: requested ?? wanted })
  return wanted
}

/** @returns The custom domains on which this caller (e-mail in lower case; undefined for none) may make links. */
export function domainsFor(domains: ShareDomains, custid: string | undefined): string[] {
  return [...domains.keys()].filter((host) => mayUse(domains, host, custid))
}

function mayUse(domains: ShareDomains, host: string, custid: string | undefined): boolean {
  const users = domains.get(host)
  return users === 'all' || (users !== undefined && custid !== undefined && users.has(custid))
}
