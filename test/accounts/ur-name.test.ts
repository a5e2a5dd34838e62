import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalEmail, isEmailAddress } from '../../src/accounts/email-address.ts'
import { parseUrName, urNameOf } from '../../src/accounts/ur-name.ts'
import { holds } from '../support/properties.ts'
import { INVALID_ADDRESSES, VALID_ADDRESSES } from './email-addresses.ts'

describe('the ur name of an account (src/crypto/SPEC.md section 1)', () => {
  it('is the same for every spelling of its email address, and another for every other', () => {
    const spellings = ['jörg@example.com', ' JÖRG@Example.com ', 'jo\u0308rg@example.com']
    expect(new Set(spellings.map(urNameOf)).size).toBe(1)
    expect(new Set(VALID_ADDRESSES.map(urNameOf)).size).toBe(VALID_ADDRESSES.length)
  })

  it('is parsed in upper and lower case, and is no email address', async () => {
    const property = fc.property(fc.emailAddress(), (email) => {
      const name = urNameOf(email)
      expect(name).toMatch(/^ur[a-z0-9]{24}$/)
      for (const text of [name, name.toUpperCase(), ` ${name}\n`]) {
        expect(parseUrName(text)).toBe(name)
        expect(isEmailAddress(text)).toBe(false)
      }
      expect(parseUrName(email)).toBeUndefined()
      expect(parseUrName(canonicalEmail(email))).toBeUndefined()
    })
    await holds(property, { runs: 1000 })
  })

  it.each([
    ...VALID_ADDRESSES,
    ...INVALID_ADDRESSES,
    '',
    'ur',
    'anon',
    'ur0123456789abcdefghijklm',
    'ur0123456789abcdefghijklmno',
    'un0123456789abcdefghijklmn',
    'ur0123456789abcdefghijkl.n',
    'ur0123456789abcdefghij\u212Almn',
    'ur0123456789abcdefghijklmn@example.com',
  ])('is not %j', (text) => {
    expect(parseUrName(text)).toBeUndefined()
  })
})
