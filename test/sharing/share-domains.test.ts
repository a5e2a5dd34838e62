import { describe, expect, it } from 'vitest'
import { chooseShareDomain, domainsFor, type ShareDomains } from '../../src/sharing/share-domains.ts'

const OWN = 'secrets.example.com:8443'
const DOMAINS: ShareDomains = new Map<string, ReadonlySet<string> | 'all'>([
  ['open.example.com', 'all'],
  ['team.example.com', new Set(['member@example.com'])],
])

function choose(requested?: string, arrivedOn?: string, custid?: string): string | undefined {
  return chooseShareDomain(DOMAINS, OWN, requested, arrivedOn, custid)
}

describe('chooseShareDomain (v1-api 3, share_domain)', () => {
  it.each([undefined, '', '  ', OWN, 'SECRETS.example.com:8443'])('takes %j for none', (requested) => {
    expect(choose(requested)).toBeUndefined()
    expect(choose(requested, OWN, 'member@example.com')).toBeUndefined()
  })

  it('takes a domain that is open to all, in any case and with blanks around', () => {
    expect(choose(' Open.Example.COM ')).toBe('open.example.com')
    expect(choose('open.example.com', OWN, 'member@example.com')).toBe('open.example.com')
  })

  it('takes a domain for the accounts that may use it', () => {
    expect(choose('team.example.com', OWN, 'member@example.com')).toBe('team.example.com')
  })

  it.each([
    ['elsewhere.example', 'member@example.com'],
    ['team.example.com', undefined],
    ['team.example.com', 'other@example.com'],
    ['open.example.com:443', undefined],
    ['secrets.example.com', undefined],
    ['open.example.com/\\evil.example', undefined],
    ['__proto__', undefined],
  ])('F12: refuses %s for %s, and says which it was', (requested, custid) => {
    expect(() => choose(requested, OWN, custid)).toThrow(
      expect.objectContaining({ code: 'unknown_domain', detail: { subject: requested } }),
    )
  })

  it('F7: nobody is no member, whatever the list of members holds', () => {
    const domains = new Map([['team.example.com', new Set([undefined as unknown as string])]])
    expect(() => chooseShareDomain(domains, OWN, 'team.example.com', OWN, undefined)).toThrow(
      'unknown_domain',
    )
  })

  it('makes links on the domain that a request came to, where its caller may', () => {
    expect(choose(undefined, 'Open.example.com')).toBe('open.example.com')
    expect(choose('', 'team.example.com', 'member@example.com')).toBe('team.example.com')
    expect(choose('', 'team.example.com', 'other@example.com')).toBeUndefined()
    expect(choose('', 'forged.example')).toBeUndefined()
    expect(choose(OWN, 'open.example.com')).toBeUndefined()
  })
})

describe('domainsFor', () => {
  it('lists what the caller may use', () => {
    expect(domainsFor(DOMAINS, undefined)).toEqual(['open.example.com'])
    expect(domainsFor(DOMAINS, 'other@example.com')).toEqual(['open.example.com'])
    expect(domainsFor(DOMAINS, 'member@example.com')).toEqual(['open.example.com', 'team.example.com'])
  })
})
