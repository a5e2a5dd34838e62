import { describe, expect, it } from 'vitest'
import { type CharacterSets, generateFromSets, generateValue } from '../../src/sharing/generate.ts'

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

describe('generateFromSets (docs/api/v2.md section 3, length and character_sets)', () => {
  const ALL: CharacterSets = {
    uppercase: true,
    lowercase: true,
    numbers: true,
    symbols: true,
    excludeAmbiguous: false,
  }
  const NONE: CharacterSets = { ...ALL, uppercase: false, lowercase: false, numbers: false, symbols: false }

  it.each([
    [undefined, 12],
    ['', 12],
    ['4', 4],
    [' 20 ', 20],
    ['128', 128],
  ])('reads the length %j as %d characters', (requested, length) => {
    expect(generateFromSets(requested, undefined)).toHaveLength(length)
    expect(generateFromSets(requested, ALL)).toHaveLength(length)
  })

  it.each([
    ['3', 'minimum'],
    ['0', 'minimum'],
    ['-5', 'minimum'],
    ['long', 'minimum'],
    ['8.5', 'minimum'],
    ['129', 'maximum'],
    ['9'.repeat(400), 'maximum'],
  ])('rejects the length %j', (requested, bound) => {
    const rejected = expect.objectContaining({
      code: 'invalid_length',
      detail: expect.objectContaining({ bound }),
    })
    expect(() => generateFromSets(requested, ALL)).toThrow(rejected)
    expect(() => generateFromSets(requested, undefined)).toThrow(rejected)
  })

  it('keeps the alphabet of v1 when no sets are named', () => {
    const text = Array.from({ length: 200 }, () => generateFromSets('128', undefined)).join('')
    expect(Array.from(new Set(text)).toSorted().join('')).toBe(Array.from(ALPHABET).toSorted().join(''))
  })

  it('has at least one character of each chosen set, however short it is', () => {
    const sets = [/[A-Z]/, /[a-z]/, /[0-9]/, /[*$!?()]/]
    for (let i = 0; i < 2000; i += 1) {
      const value = generateFromSets('4', ALL)
      for (const set of sets) expect(value).toMatch(set)
    }
  })

  it.each([
    [{ uppercase: true }, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
    [{ lowercase: true }, 'abcdefghijklmnopqrstuvwxyz'],
    [{ numbers: true }, '0123456789'],
    [{ symbols: true }, '*$!?()'],
    [{ uppercase: true, excludeAmbiguous: true }, 'ABCDEFGHJKLMNPQRSTUVWXYZ'],
    [{ lowercase: true, excludeAmbiguous: true }, 'abcdefghjkmnpqrstuvwxyz'],
    [{ numbers: true, excludeAmbiguous: true }, '23456789'],
  ])('draws from the chosen sets only, and from all of them: %j', (chosen, alphabet) => {
    const text = Array.from({ length: 50 }, () => generateFromSets('128', { ...NONE, ...chosen })).join('')
    expect(Array.from(new Set(text)).toSorted().join('')).toBe(Array.from(alphabet).toSorted().join(''))
  })

  it('is uniform among the values that have a character of each chosen set', () => {
    const sets = { ...NONE, numbers: true, symbols: true, excludeAmbiguous: true }
    const counts = new Map<number, number>()
    const draws = 20_000
    for (let i = 0; i < draws; i += 1) {
      const digits = generateFromSets('4', sets).replace(/[^0-9]/g, '').length
      counts.set(digits, (counts.get(digits) ?? 0) + 1)
    }
    // Of the values with 1 to 3 digits among 4 characters: n choose k, 8^k digits, 6^(4-k) symbols.
    const weights = [4 * 8 * 6 ** 3, 6 * 8 ** 2 * 6 ** 2, 4 * 8 ** 3 * 6]
    const total = weights.reduce((sum, weight) => sum + weight)
    const chiSquare = weights.reduce((sum, weight, index) => {
      const expected = (draws * weight) / total
      return sum + ((counts.get(index + 1) ?? 0) - expected) ** 2 / expected
    }, 0)
    // With 2 degrees of freedom, exceeded less than once in ten million times.
    expect(chiSquare).toBeLessThan(33)
  })

  it('rejects sets of which none is chosen', () => {
    expect(() => generateFromSets('8', NONE)).toThrow(
      expect.objectContaining({ code: 'malformed_parameter' }),
    )
  })
})
