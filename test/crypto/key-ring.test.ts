import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createKeyRing, newRootKey } from '../../src/crypto/key-ring.ts'

describe('createKeyRing', () => {
  it('makes the first root key the current one and finds each by its id', () => {
    const ring = createKeyRing([randomBytes(32), randomBytes(32), randomBytes(32)])
    expect(ring.all).toHaveLength(3)
    expect(ring.current).toBe(ring.all[0])
    expect(ring.ids).toEqual(ring.all.map((root) => root.id))
    for (const root of ring.all) expect(ring.find(root.id)).toBe(root)
    expect(ring.find('00000000')).toBeUndefined()
    expect(ring.find('__proto__')).toBeUndefined()
  })

  it('gives a root key the same id at any place in the ring', () => {
    const [a, b] = [randomBytes(32), randomBytes(32)]
    expect(createKeyRing([a, b]).ids).toEqual(createKeyRing([b, a]).ids.toReversed())
  })

  it.each([0, 16, 31, 33, 64])('rejects a root key of %d bytes', (size) => {
    expect(() => createKeyRing([randomBytes(32), randomBytes(size)])).toThrow(RangeError)
  })

  it('rejects an empty ring and a repeated root key', () => {
    const key = randomBytes(32)
    expect(() => createKeyRing([])).toThrow('at least one')
    expect(() => createKeyRing([key, randomBytes(32), Buffer.from(key)])).toThrow('twice')
  })

  it('makes a ring that shows no root key when it is printed', () => {
    const key = randomBytes(32)
    const ring = createKeyRing([key])
    const printed = JSON.stringify(ring) + inspect(ring, { depth: 9, showHidden: true })
    for (const encoding of ['hex', 'base64', 'latin1'] as const) {
      expect(printed).not.toContain(key.toString(encoding).slice(0, 10))
    }
  })
})

describe('newRootKey', () => {
  it('makes 64 hexadecimal digits, different each time', () => {
    expect(newRootKey()).toMatch(/^[0-9a-f]{64}$/)
    expect(newRootKey()).not.toBe(newRootKey())
  })
})
