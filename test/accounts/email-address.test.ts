import { describe, expect, it } from 'vitest'
import { canonicalEmail, isEmailAddress } from '../../src/accounts/email-address.ts'
import { processorMs } from '../support/cost.ts'
import { INVALID_ADDRESSES, VALID_ADDRESSES } from './email-addresses.ts'

describe('isEmailAddress', () => {
  it.each(VALID_ADDRESSES)('accepts %s', (address) => {
    expect(isEmailAddress(address)).toBe(true)
  })

  it.each(VALID_ADDRESSES)('accepts the canonical form of %s', (address) => {
    expect(isEmailAddress(canonicalEmail(address))).toBe(true)
  })

  it.each(['', ...INVALID_ADDRESSES])('rejects %j', (text) => {
    expect(isEmailAddress(text)).toBe(false)
  })

  it.each(['\r', '\n', '\r\n', '\0', '\u2028', '\u0085', '\t', '<', '>', ',', ';', ':', '"', '\\', '(', ')'])(
    'rejects a header injection by %j wherever it stands',
    (character) => {
      for (const address of [
        `a${character}Bcc: b@example.org@example.com`,
        `a${character}@example.com`,
        `a@example.com${character}Bcc:b@example.org`,
        `a@exam${character}ple.com`,
      ]) {
        expect(isEmailAddress(address)).toBe(false)
      }
    },
  )

  it.each(['a'.repeat(1_000_000), `a@${'a-'.repeat(126)}`, `${'a.'.repeat(126)}@`])(
    'rejects the hostile text %#, of $length characters, at little cost',
    async (text) => {
      expect(await processorMs(() => expect(isEmailAddress(text)).toBe(false))).toBeLessThan(500)
    },
  )
})

describe('canonicalEmail', () => {
  it.each([...VALID_ADDRESSES, 'r@\u0130\u05BC.example'])(
    'leaves the canonical form of %s as it is',
    (address) => {
      const canonical = canonicalEmail(address)
      expect(canonicalEmail(canonical)).toBe(canonical)
    },
  )
})
