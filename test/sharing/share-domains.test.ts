import { describe, expect, it } from 'vitest'
import type { Account } from '../../src/accounts/authenticate.ts'
import type { ShareDomains } from '../../src/sharing/policy.ts'
import { chooseShareDomain, domainsFor } from '../../src/sharing/share-domains.ts'

const OWN = 'secrets.example.com:8443'
const DOMAINS: ShareDomains = new Map<string, ReadonlySet<string> | 'all'>([
  ['open.example.com', 'all'],
  ['team.example.com', new Set(['member@example.com'])],
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
    ['open.example.com:443', undefined],
    ['open.example.com/\\evil.example', undefined],
    ['__proto__', undefined],
  ])('F12: rejects the domain %s for the account %s and names the domain', (requested, email) => {
    expect(() => choose(requested, OWN, email)).toThrow(
      expect.objectContaining({ code: 'unknown_domain', detail: { subject: requested } }),
    )
  })

  it('F7: treats an anonymous caller as no member, whatever the list of members holds', () => {
    const domains = new Map([['team.example.com', new Set([undefined as unknown as string])]])
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
