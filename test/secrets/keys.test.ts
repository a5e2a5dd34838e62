import { describe, expect, it } from 'vitest'
import {
  newReceiptKey,
  PARTITION_LENGTH,
  parseReceiptKey,
  parseRecordId,
  parseSecretKey,
  recordIdOf,
  secretKeyOf,
} from '../../src/secrets/keys.ts'
import { failure } from './stage.ts'

const KEY = /^[a-z0-9]{31}$/

/** With 35 degrees of freedom, random digits exceed this less than once in a hundred million times. */
const BOUND = 110

describe('newReceiptKey', () => {
  it('makes keys of the form that clients check, no two alike', () => {
    const keys = Array.from({ length: 5000 }, newReceiptKey)
    expect(keys.filter((key) => !KEY.test(key))).toEqual([])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('draws each character as often as any other', () => {
    expect(chiSquare(Array.from({ length: 20_000 }, newReceiptKey))).toBeLessThan(BOUND)
  })
})

describe('secretKeyOf and recordIdOf', () => {
  const receiptKeys = Array.from({ length: 20_000 }, (_, n) =>
    parseReceiptKey(`abc${n.toString(36).padStart(28, '0')}`),
  )

  it('keep the partition of the receipt key and nothing else', () => {
    for (const receiptKey of receiptKeys.slice(0, 500)) {
      const secretKey = secretKeyOf(receiptKey)
      const id = recordIdOf(secretKey)
      expect(secretKey).toMatch(KEY)
      expect(id).toMatch(/^abc[\w-]{22}$/)
      expect(secretKey.slice(0, PARTITION_LENGTH)).toBe('abc')
      expect(secretKey.slice(PARTITION_LENGTH)).not.toBe(receiptKey.slice(PARTITION_LENGTH))
    }
  })

  it('derive a different secret key from each receipt key, even when only the partitions differ', () => {
    expect(new Set(receiptKeys.map(secretKeyOf)).size).toBe(receiptKeys.length)
    const [a, b] = ['aaa', 'bbb'].map((partition) =>
      secretKeyOf(parseReceiptKey(partition + '0'.repeat(28))).slice(3),
    )
    expect(a).not.toBe(b)
  })

  it('make no digit of a secret key likelier than another', () => {
    const digits = receiptKeys.map((key) => secretKeyOf(key).slice(PARTITION_LENGTH))
    expect(chiSquare(digits)).toBeLessThan(BOUND)
    expect(chiSquare(digits.map((text) => text.slice(0, 1)))).toBeLessThan(BOUND)
    expect(chiSquare(digits.map((text) => text.slice(-1)))).toBeLessThan(BOUND)
  })
})

describe('keys of other servers', () => {
  const keys = [
    'a',
    'ab',
    'abc',
    'ab0',
    'abc0',
    '0',
    '00',
    '000',
    'a'.repeat(30),
    'a'.repeat(32),
    'a'.repeat(62),
  ]

  it('F6: have record ids of the right form, each its own, so that none leads to the record of another', () => {
    const secretIds = keys.map((key) => recordIdOf(parseSecretKey(key)))
    const receiptIds = keys.map((key) => recordIdOf(secretKeyOf(parseReceiptKey(key))))
    const ids = [...secretIds, ...receiptIds]
    expect(ids.map(parseRecordId)).toEqual(ids)
    expect(new Set(ids).size).toBe(keys.length * 2)
  })
})

describe.each([
  ['parseSecretKey', parseSecretKey],
  ['parseReceiptKey', parseReceiptKey],
])('%s', (_, parse) => {
  it.each([
    '',
    'a'.repeat(63),
    `${'a'.repeat(30)}A`,
    `${'a'.repeat(30)}-`,
    `${'a'.repeat(31)}\n`,
    `${'a'.repeat(30)}\n`,
    `${'a'.repeat(30)}é`,
    `${'a'.repeat(28)}}:*`,
    `../${'a'.repeat(28)}`,
  ])('F6: rejects the malformed key %j as unknown', (text) => {
    expect(() => parse(text)).toThrow(failure('unknown_secret'))
  })

  it.each(['a'.repeat(31), '0123456789abcdefghijklmnopqrstu', 'a', '0', 'a'.repeat(30), 'a'.repeat(62)])(
    'accepts %s',
    (text) => {
      expect(parse(text)).toBe(text)
    },
  )
})

describe('parseRecordId', () => {
  it('accepts a record id', () => {
    const id = recordIdOf(secretKeyOf(newReceiptKey()))
    expect(parseRecordId(id)).toBe(id)
  })

  it.each([
    '',
    'a'.repeat(24),
    'a'.repeat(26),
    'a'.repeat(31),
    `A${'a'.repeat(24)}`,
    `${'a'.repeat(25)}\n`,
    `${'a'.repeat(24)}:`,
  ])('returns undefined for the malformed record id %j', (text) => {
    expect(parseRecordId(text)).toBeUndefined()
  })
})

function chiSquare(texts: readonly string[]): number {
  const all = texts.join('')
  const counts = new Map<string, number>(Array.from('abcdefghijklmnopqrstuvwxyz0123456789', (c) => [c, 0]))
  for (const character of all) counts.set(character, (counts.get(character) ?? 0) + 1)
  expect(counts.size).toBe(36)
  const expected = all.length / 36
  return [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}
