import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { newToken } from '../../src/accounts/tokens.ts'
import { derive } from '../../src/crypto/derive.ts'
import { createKeyRing, newRootKey } from '../../src/crypto/key-ring.ts'
import { isKey, newReceiptKey, PARTITION_LENGTH, recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'

describe('createKeyRing', () => {
  it('seals with the first and finds each by its id', () => {
    const ring = createKeyRing([randomBytes(32), randomBytes(32), randomBytes(32)])
    expect(ring.all).toHaveLength(3)
    expect(ring.current).toBe(ring.all[0])
    expect(ring.ids).toEqual(ring.all.map((root) => root.id))
    for (const root of ring.all) expect(ring.find(root.id)).toBe(root)
    expect(ring.find('00000000')).toBeUndefined()
    expect(ring.find('__proto__')).toBeUndefined()
  })

  it('names a key alike wherever it stands', () => {
    const [a, b] = [randomBytes(32), randomBytes(32)]
    expect(createKeyRing([a, b]).ids).toEqual(createKeyRing([b, a]).ids.toReversed())
  })

  it.each([0, 16, 31, 33, 64])('refuses a root key of %d bytes', (size) => {
    expect(() => createKeyRing([randomBytes(32), randomBytes(size)])).toThrow(RangeError)
  })

  it('refuses an empty ring and a key that stands twice', () => {
    const key = randomBytes(32)
    expect(() => createKeyRing([])).toThrow('at least one')
    expect(() => createKeyRing([key, randomBytes(32), Buffer.from(key)])).toThrow('twice')
  })

  it('shows no key to what prints it', () => {
    const key = randomBytes(32)
    const ring = createKeyRing([key])
    const printed = JSON.stringify(ring) + inspect(ring, { depth: 9, showHidden: true })
    for (const encoding of ['hex', 'base64', 'latin1'] as const) {
      expect(printed).not.toContain(key.toString(encoding).slice(0, 10))
    }
  })
})

describe('fresh keys', () => {
  it('have the form that clients check, and never come twice', () => {
    const keys = Array.from({ length: 5000 }, newReceiptKey)
    expect(keys.filter((key) => !isKey(key))).toEqual([])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('make tokens of 40 characters and root keys of 64 hexadecimal digits', () => {
    expect(newToken()).toMatch(/^[a-z0-9]{40}$/)
    expect(newToken()).not.toBe(newToken())
    expect(newRootKey()).toMatch(/^[0-9a-f]{64}$/)
    expect(newRootKey()).not.toBe(newRootKey())
  })

  it('draw each character as often as any other', () => {
    expect(chiSquare(Array.from({ length: 20_000 }, newReceiptKey))).toBeLessThan(BOUND)
  })
})

describe('a pair', () => {
  const metadataKeys = Array.from({ length: 20_000 }, (_, n) => `abc${n.toString(36).padStart(28, '0')}`)

  it('shares its partition with its id and nothing else', () => {
    for (const receiptKey of metadataKeys.slice(0, 500)) {
      const secretKey = secretKeyOf(receiptKey)
      const id = recordIdOf(secretKey)
      expect(isKey(secretKey)).toBe(true)
      expect(id).toMatch(/^abc[\w-]{22}$/)
      expect(secretKey.slice(0, PARTITION_LENGTH)).toBe('abc')
      expect(secretKey.slice(PARTITION_LENGTH)).not.toBe(receiptKey.slice(PARTITION_LENGTH))
    }
  })

  it('is another for each metadata key, also for those that differ in the partition alone', () => {
    expect(new Set(metadataKeys.map(secretKeyOf)).size).toBe(metadataKeys.length)
    const [a, b] = ['aaa', 'bbb'].map((partition) => secretKeyOf(partition + '0'.repeat(28)).slice(3))
    expect(a).not.toBe(b)
  })

  it('has no digit that is likelier than another', () => {
    const digits = metadataKeys.map((key) => secretKeyOf(key).slice(PARTITION_LENGTH))
    expect(chiSquare(digits)).toBeLessThan(BOUND)
    expect(chiSquare(digits.map((text) => text.slice(0, 1)))).toBeLessThan(BOUND)
    expect(chiSquare(digits.map((text) => text.slice(-1)))).toBeLessThan(BOUND)
  })
})

describe('isKey', () => {
  it.each([
    '',
    'a'.repeat(30),
    'a'.repeat(32),
    `${'a'.repeat(30)}A`,
    `${'a'.repeat(30)}-`,
    `${'a'.repeat(31)}\n`,
    `${'a'.repeat(30)}\n`,
    `${'a'.repeat(30)}é`,
    `${'a'.repeat(28)}}:*`,
    `../${'a'.repeat(28)}`,
  ])('F6: refuses %j', (text) => {
    expect(isKey(text)).toBe(false)
  })

  it.each(['a'.repeat(31), '0123456789abcdefghijklmnopqrstu'])('takes %s', (text) => {
    expect(isKey(text)).toBe(true)
  })
})

describe('derive', () => {
  const root = createKeyRing([randomBytes(32)]).current.key
  const hex = (...args: Parameters<typeof derive>) => derive(...args).toString('hex')

  it('reads no two lists of parts the same', () => {
    const lists = [
      [],
      [''],
      ['', ''],
      ['ab'],
      ['a', 'b'],
      ['b', 'a'],
      ['a/1/b'],
      ['a', '/1/b'],
      ['\x01'],
      ['ab\x01'],
    ]
    expect(new Set(lists.map((parts) => hex(root, 'label', ...parts))).size).toBe(lists.length)
  })

  it('depends on the label and the root key, and not on how a part is held', () => {
    const other = createKeyRing([randomBytes(32)]).current.key
    expect(hex(root, 'label', 'é')).toBe(hex(root, 'label', Buffer.from('é')))
    expect(hex(root, 'label', 'é')).not.toBe(hex(root, 'lab', 'é'))
    expect(hex(root, 'label', 'é')).not.toBe(hex(other, 'label', 'é'))
  })
})

/** With 35 degrees of freedom, random digits exceed this less than once in a hundred million times. */
const BOUND = 110

function chiSquare(texts: readonly string[]): number {
  const all = texts.join('')
  const counts = new Map<string, number>(Array.from('abcdefghijklmnopqrstuvwxyz0123456789', (c) => [c, 0]))
  for (const character of all) counts.set(character, (counts.get(character) ?? 0) + 1)
  expect(counts.size).toBe(36)
  const expected = all.length / 36
  return [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}
