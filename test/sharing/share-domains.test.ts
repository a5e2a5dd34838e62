import { describe, expect, it } from 'vitest'
import type { Account } from '../../src/accounts/authenticate.ts'
import { canonicalHost, type Host } from '../../src/host.ts'
import type { ShareDomains } from '../../src/sharing/policy.ts'
import { chooseShareDomain, domainsFor } from '../../src/sharing/share-domains.ts'

const OWN = 'secrets.example.com:8443'
const TEAM = canonicalHost('team.example.com') as Host
const DOMAINS: ShareDomains = new Map<Host, ReadonlySet<string> | 'all'>([
  [canonicalHost('open.example.com') as Host, 'all'],
  [TEAM, new Set(['member@example.com'])],
])

function choose(requested?: string, host = OWN, email?: string, domains = DOMAINS): string | undefined {
  const account = email === undefined ? undefined : ({ email } as Account)
  return chooseShareDomain({ domains, publicUrl: `https://${OWN}` }, { account, host }, requested)
}

describe('chooseShareDomain (docs/api/v1.md section 3, share_domain)', () => {
  it.each([undefined, '', '  ', OWN, 'SECRETS.example.com:8443', 'secrets.example.com'])(
    'treats %j as the site’s own domain',
    (requested) => {
      expect(choose(requested)).toBeUndefined()
      expect(choose(requested, OWN, 'member@example.com')).toBeUndefined()
    },
  )

  it('accepts a domain that is open to all, in any case and with white space around', () => {
    expect(choose(' Open.Example.COM ')).toBe('open.example.com')
    expect(choose('open.example.com', OWN, 'member@example.com')).toBe('open.example.com')
  })

  it('accepts a domain from the accounts that may use it', () => {
    expect(choose('team.example.com', OWN, 'member@example.com')).toBe('team.example.com')
  })

  it.each([
    ['elsewhere.example', 'member@example.com'],
    ['team.example.com', undefined],
    ['team.example.com', 'other@example.com'],
    ['open.example.com:80', undefined],
    ['bücher.example', undefined],
    ['open.example.com/\\evil.example', undefined],
    ['__proto__', undefined],
  ])('F12: rejects the domain %s for the account %s and names the domain', (requested, email) => {
    expect(() => choose(requested, OWN, email)).toThrow(
      expect.objectContaining({ code: 'unknown_domain', detail: { subject: requested } }),
    )
  })

  it.each(['open.example.com.', 'OPEN.example.com:443', 'ｏｐｅｎ.example.com', 'open。example。com'])(
    'F40: accepts another spelling of a domain, %s, and returns its one spelling',
    (requested) => {
      expect(choose(requested)).toBe('open.example.com')
      expect(choose(undefined, requested)).toBe('open.example.com')
    },
  )

  it.each([
    ['https://bücher.example', 'bücher.example'],
    ['https://xn--bcher-kva.example', 'Bücher.Example.'],
    ['https://secrets.example.com', 'secrets.example.com:443'],
    ['https://secrets.example.com:8443', 'secrets.example.com.:8443'],
  ])('F40: treats the host of %s, spelled %s, as the site’s own domain', (publicUrl, requested) => {
    const anyone = { account: undefined, host: 'localhost' }
    expect(chooseShareDomain({ domains: DOMAINS, publicUrl }, anyone, requested)).toBeUndefined()
  })

  it('F7: treats an anonymous caller as no member, whatever the list of members holds', () => {
    const domains = new Map([[TEAM, new Set([undefined as unknown as string])]])
    expect(() => choose('team.example.com', OWN, undefined, domains)).toThrow('unknown_domain')
  })

  it('chooses the custom domain that the request was sent to, where its caller may use it', () => {
    expect(choose(undefined, 'Open.example.com')).toBe('open.example.com')
    expect(choose('', 'team.example.com', 'member@example.com')).toBe('team.example.com')
    expect(choose('', 'team.example.com', 'other@example.com')).toBeUndefined()
    expect(choose('', 'forged.example')).toBeUndefined()
    expect(choose(OWN, 'open.example.com')).toBeUndefined()
  })
})

describe('domainsFor', () => {
  it('lists the domains that a caller may use', () => {
    expect(domainsFor(DOMAINS, undefined)).toEqual(['open.example.com'])
    expect(domainsFor(DOMAINS, 'other@example.com')).toEqual(['open.example.com'])
    expect(domainsFor(DOMAINS, 'member@example.com')).toEqual(['open.example.com', 'team.example.com'])
  })
})
