import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isEmailAddress, obscure, parseRecipients } from '../../src/sharing/recipients.ts'

describe('parseRecipients (v1-api 3, recipient)', () => {
  it('takes several, drops empty and repeated ones and blanks around', () => {
    expect(parseRecipients(['', ' a@example.com ', 'b@example.org', 'a@example.com', '  '])).toEqual([
      'a@example.com',
      'b@example.org',
    ])
    expect(parseRecipients([])).toEqual([])
  })

  it.each([
    "o'brien+tag@sub.example.co.uk",
    'a@b.co',
    'jörg@bücher.example',
    '用户@例子.广告',
    'x_1-2.3@example.museum',
    '!#$%&*/=?^`{|}~@example.com',
    `${'a'.repeat(242)}@example.com`,
  ])('takes %s', (address) => {
    expect(parseRecipients([address])).toEqual([address])
  })

  it.each([
    'nobody',
    '@example.com',
    'a@',
    'a@localhost',
    'a@example.',
    'a@.com',
    'a@exa mple.com',
    'a b@example.com',
    'a@b@example.com',
    'a..b@example.com',
    '.a@example.com',
    'a.@example.com',
    'a@-example.com',
    'a@example-.com',
    'a@example..com',
    'a@[127.0.0.1]',
    'a@10.0.0.255',
    'a@example.com-',
    'a@example.c',
    '"a b"@example.com',
    'Name <a@example.com>',
    'a@example.com,b@example.com',
    'a@example.com;b@example.com',
    `${'a'.repeat(243)}@example.com`,
  ])('refuses %s, and says which it was', (address) => {
    expect(() => parseRecipients(['fine@example.com', address])).toThrow(
      expect.objectContaining({ code: 'undeliverable_address', detail: { subject: address } }),
    )
  })

  it.each(['\r', '\n', '\r\n', '\0', '\u2028', '\u0085', '\t', '<', '>', ',', ';', ':', '"', '\\', '(', ')'])(
    'refuses a header injection by %j wherever it stands',
    (character) => {
      for (const address of [
        `a${character}Bcc: b@example.org@example.com`,
        `a${character}@example.com`,
        `a@example.com${character}Bcc:b@example.org`,
        `a@exam${character}ple.com`,
      ]) {
        expect(isAddress(address)).toBe(false)
      }
    },
  )

  it('takes at most 10, repeated ones counted once', () => {
    const ten = Array.from({ length: 10 }, (_, index) => `user${index}@example.com`)
    expect(parseRecipients([...ten, ...ten])).toEqual(ten)
    expect(() => parseRecipients([...ten, 'one-more@example.com'])).toThrow(
      expect.objectContaining({ code: 'too_many_recipients', detail: { limit: 10 } }),
    )
  })

  it('decides about hostile lengths at once', () => {
    const started = performance.now()
    for (const address of ['a'.repeat(1_000_000), `a@${'a-'.repeat(126)}`, `${'a.'.repeat(126)}@`]) {
      expect(isAddress(address)).toBe(false)
    }
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('obscure (v1-api 4, recipient)', () => {
  it.each([
    ['foo@example.com', 'fo*****@e*****.com'],
    ['a@b.co', 'a*****@b*****.co'],
    ['someone@mail.example.co.uk', 'so*****@m*****.uk'],
    ['𝒜𝒷𝒸@𝒹ex.example', '𝒜𝒷*****@𝒹*****.example'],
  ])('shows %s as %s', (address, shown) => {
    expect(obscure(address)).toBe(shown)
  })

  it('shows no more than two characters of the name, one of the host, and its last label', () => {
    const label = fc.string({ unit: fc.constantFrom(...'abcö𝒜'), minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(label, label, (name, host) => {
        const shown = obscure(`${name}@${host}.example`)
        expect(shown).toMatch(/^.{1,2}\*{5}@.\*{5}\.example$/u)
        expect(shown.isWellFormed()).toBe(true)
      }),
    )
  })
})
