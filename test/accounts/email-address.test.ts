import { describe, expect, it } from 'vitest'
import { isEmailAddress } from '../../src/accounts/email-address.ts'
import { INVALID_ADDRESSES, VALID_ADDRESSES } from './email-addresses.ts'

describe('isEmailAddress', () => {
  it.each(VALID_ADDRESSES)('takes %s', (address) => {
    expect(isEmailAddress(address)).toBe(true)
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

  it('rejects texts of hostile length without delay', () => {
    const started = performance.now()
    for (const address of ['a'.repeat(1_000_000), `a@${'a-'.repeat(126)}`, `${'a.'.repeat(126)}@`]) {
      expect(isEmailAddress(address)).toBe(false)
    }
    expect(performance.now() - started).toBeLessThan(500)
  })
})
