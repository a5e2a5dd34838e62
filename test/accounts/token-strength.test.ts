import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isGuessable } from '../../src/accounts/token-strength.ts'
import { newToken, type Token } from '../../src/accounts/tokens.ts'
import { holds } from '../support/properties.ts'

const EMAIL = 'ana@example.com'

/** The ways in which people make tokens. */
const GENERATORS = {
  'account create': newToken,
  uuid4: randomUUID,
  'openssl rand -hex 16': () => randomBytes(16).toString('hex'),
  'openssl rand -hex 20': () => randomBytes(20).toString('hex'),
  'openssl rand -hex 500': () => randomBytes(500).toString('hex'),
  'openssl rand -base64 24': () => randomBytes(24).toString('base64'),
}

describe('a random token', () => {
  it.each(Object.entries(GENERATORS))('of %s is never taken for a guessable one', (_, generate) => {
    for (let i = 0; i < 20_000; i += 1) {
      const token = generate()
      if (isGuessable(token as Token, EMAIL)) throw new Error(`rejected: ${token}`)
    }
  })
})

describe('a guessable token', () => {
  it('is any text that is repeated until it is long enough', async () => {
    const unit = fc.string({ minLength: 1, maxLength: 10 })
    await holds(
      fc.property(unit, fc.integer({ min: 2, max: 9 }), (text, times) => {
        fc.pre(text.length * times >= 16)
        expect(isGuessable(text.repeat(times) as Token, EMAIL)).toBe(true)
      }),
    )
  })

  it.each([
    'passwordpassword',
    'PasswordPASSWORD',
    'passwordpassword1',
    'aaaaaaaaaaaaaaaa',
    '1234567890123456',
    '0101101001011010',
    'changeme-changeme-1',
    'ana@example.com1',
    'x-Ana@Example.com',
  ])('is %s', (token) => expect(isGuessable(token as Token, EMAIL)).toBe(true))

  it('is a part of the email address', () => {
    expect(isGuessable('anastasia.petrova' as Token, 'Anastasia.Petrova@example.com')).toBe(true)
  })
})
