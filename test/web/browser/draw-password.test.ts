import { describe, expect, it } from 'vitest'
import { drawPassword } from '../../../src/web/browser/draw-password.ts'

describe('a password that the browser draws', () => {
  it('has the length asked for, and at least one character of each set', () => {
    for (let i = 0; i < 500; i += 1) {
      const password = drawPassword(4, ['ab', '01', '*'])
      expect(password).toMatch(/^[ab01*]{4}$/)
      for (const set of [/[ab]/, /[01]/, /\*/]) expect(password).toMatch(set)
    }
  })

  it('draws each character equally often, also where a byte modulo the number of characters would not', () => {
    // 171 characters: a byte modulo 171 would draw the first 85 twice as often as the others.
    const alphabet = Array.from({ length: 171 }, (_, i) => String.fromCharCode(0x100 + i)).join('')
    const password = drawPassword(171_000, [alphabet])
    const first = Array.from(password).filter((character) => alphabet.indexOf(character) < 85).length
    // 85,000 expected, standard deviation about 207.
    expect(Math.abs(first - 85_000)).toBeLessThan(2000)
  })
})
