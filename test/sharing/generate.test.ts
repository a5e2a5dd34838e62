import { describe, expect, it } from 'vitest'
import { generateValue } from '../../src/sharing/generate.ts'

// a–z A–Z 0–9 *$!?() without i l o 1 0. Source: docs/api/v1.md section 3.
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ23456789*$!?()'

describe('generateValue (docs/api/v1.md section 3, length)', () => {
  it.each([
    [undefined, 12],
    ['', 12],
    ['long', 12],
    ['-5', 12],
    ['8.5', 12],
    ['1e2', 12],
    ['0', 4],
    ['3', 4],
    ['4', 4],
    [' 20 ', 20],
    ['128', 128],
    ['129', 128],
    ['9'.repeat(400), 128],
  ])('reads the length %j as %d characters', (requested, length) => {
    expect(generateValue(requested)).toHaveLength(length)
  })

  it('draws each character of the alphabet as often as any other, and no other character', () => {
    const text = Array.from({ length: 1000 }, () => generateValue('128')).join('')
    const counts = new Map<string, number>()
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
    expect([...counts.keys()].toSorted().join('')).toBe(Array.from(ALPHABET).toSorted().join(''))

    const expected = text.length / ALPHABET.length
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
    // With 62 degrees of freedom, exceeded less than once in a hundred million times.
    expect(chiSquare).toBeLessThan(155)
  })

  it('never makes the same value twice', () => {
    const values = Array.from({ length: 5000 }, () => generateValue())
    expect(new Set(values).size).toBe(values.length)
  })
})
