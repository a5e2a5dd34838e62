import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { derive } from '../../src/crypto/derive.ts'
import { createKeyRing } from '../../src/crypto/key-ring.ts'

describe('derive', () => {
  const root = createKeyRing([randomBytes(32)]).current.key
  const hex = (...args: Parameters<typeof derive>) => derive(...args).toString('hex')

  it('derives a different key from each list of parts, however similar', () => {
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

  it('depends on the label and the root key, and not on whether a part is a text or bytes', () => {
    const other = createKeyRing([randomBytes(32)]).current.key
    expect(hex(root, 'label', 'é')).toBe(hex(root, 'label', Buffer.from('é')))
    expect(hex(root, 'label', 'é')).not.toBe(hex(root, 'lab', 'é'))
    expect(hex(root, 'label', 'é')).not.toBe(hex(other, 'label', 'é'))
  })
})
