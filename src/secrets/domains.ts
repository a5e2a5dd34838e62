import { DomainError } from '../errors.ts'

/** The custom domains that links may be made on. */
export interface DomainPolicy {
  /** The site's own host, in lower case, with its port if it has one. */
  readonly own: string
  /** Host in lower case → the accounts (e-mail in lower case) that may use it, or `all` callers. */
  readonly shared: ReadonlyMap<string, ReadonlySet<string> | 'all'>
}

/**
 * @param requested The `share_domain` parameter as it came; empty or the site's own host asks for none.
 * @param arrivedOn The host that the request came to: a custom domain makes links on itself.
 * @param custid The caller's e-mail in lower case; undefined for an anonymous one.
 * @returns The domain for the link; undefined for the site's own.
 * @throws DomainError `unknown_domain` when it is not configured or not for this caller.
 */
export function chooseShareDomain(
  policy: DomainPolicy,
  requested: string | undefined,
  arrivedOn: string | undefined,
  custid: string | undefined,
): string | undefined {
  const wanted = requested?.trim().toLowerCase()
  if (wanted === undefined || wanted === '') {
    const host = arrivedOn?.toLowerCase()
    return host !== undefined && mayUse(policy, host, custid) ? host : undefined
  }
  if (wanted === policy.own) return undefined
  if (!mayUse(policy, wanted, custid))
    throw new DomainError('unknown_domain', { subject: requested ?? wanted })
  return wanted
}

function mayUse(policy: DomainPolicy, host: string, custid: string | undefined): boolean {
  const users = policy.shared.get(host)
  return users === 'all' || (users !== undefined && custid !== undefined && users.has(custid))
}
