import { describe, expect, it } from 'vitest'
import { newToken, parseToken } from '../../src/accounts/tokens.ts'

describe('newToken', () => {
  it('makes 40 characters, different each time', () => {
    expect(newToken()).toMatch(/^[a-z0-9]{40}$/)
    expect(newToken()).not.toBe(newToken())
  })
})

describe('parseToken', () => {
  it('accepts any text but an empty one, unchanged', () => {
    for (const text of [newToken(), ' Chosen by hand: ü ']) expect(parseToken(text)).toBe(text)
    expect(parseToken('')).toBeUndefined()
  })
})
