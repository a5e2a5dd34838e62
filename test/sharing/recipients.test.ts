import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { obscure, parseRecipients } from '../../src/sharing/recipients.ts'
import { INVALID_ADDRESSES, VALID_ADDRESSES } from '../accounts/email-addresses.ts'
import { holds } from '../support/properties.ts'

describe('parseRecipients (docs/api/v1.md section 3, recipient)', () => {
  it('accepts several addresses, and drops empty ones, repeated ones and surrounding white space', () => {
    expect(parseRecipients(['', ' a@example.com ', 'b@example.org', 'a@example.com', '  '])).toEqual([
      'a@example.com',
      'b@example.org',
    ])
    expect(parseRecipients([])).toEqual([])
  })

  it('takes addresses that differ only in capitals for one, as it was written first', () => {
    const given = ['Foo@Example.com', 'foo@example.COM', 'FOO@EXAMPLE.COM', 'fo@example.com']
    expect(parseRecipients(given)).toEqual(['Foo@Example.com', 'fo@example.com'])
  })

  it.each(VALID_ADDRESSES)('accepts %s', (address) => {
    expect(parseRecipients([address])).toEqual([address])
  })

  it.each(INVALID_ADDRESSES)('rejects %s and names it', (address) => {
    expect(() => parseRecipients(['fine@example.com', address])).toThrow(
      expect.objectContaining({ code: 'undeliverable_address', detail: { subject: address } }),
    )
  })

  it('accepts at most 10 addresses, repeated ones counted once', () => {
    const ten = Array.from({ length: 10 }, (_, index) => `user${index}@example.com`)
    expect(parseRecipients([...ten, ...ten])).toEqual(ten)
    expect(() => parseRecipients([...ten, 'one-more@example.com'])).toThrow(
      expect.objectContaining({ code: 'too_many_recipients', detail: { limit: 10 } }),
    )
  })
})

describe('obscure (docs/api/v1.md section 4, recipient)', () => {
  it.each([
    ['foo@example.com', 'fo*****@e*****.com'],
    ['a@b.co', 'a*****@b*****.co'],
    ['someone@mail.example.co.uk', 'so*****@m*****.uk'],
    ['𝒜𝒷𝒸@𝒹ex.example', '𝒜𝒷*****@𝒹*****.example'],
  ])('shows %s as %s', (address, shown) => {
    expect(obscure(address)).toBe(shown)
  })

  it('shows at most two characters of the name, one of the host, and the last label', async () => {
    const label = fc.string({ unit: fc.constantFrom(...'abcö𝒜'), minLength: 1, maxLength: 9 })
    await holds(
      fc.property(label, label, (name, host) => {
        const shown = obscure(`${name}@${host}.example`)
        expect(shown).toMatch(/^.{1,2}\*{5}@.\*{5}\.example$/u)
        expect(shown.isWellFormed()).toBe(true)
      }),
    )
  })
})
