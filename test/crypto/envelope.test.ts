import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { argon2ParametersOf, type BindingId, type KeyInput, open, seal } from '../../src/crypto/envelope.ts'
import { createKeyRing } from '../../src/crypto/key-ring.ts'
import { milliseconds, seconds } from '../../src/time.ts'
import { holds } from '../support/properties.ts'

const [KEY, OTHER_KEY] = [randomBytes(32), randomBytes(32)]
const ring = createKeyRing([KEY])
const binding = {
  id: 'abcdefghijklmnopqrstuvwxy' as BindingId,
  created: milliseconds(1_768_478_400_000),
  ttl: seconds(600),
}
const keyInput: KeyInput = { label: 'secret', parts: ['who'] }
const plaintext = Buffer.from('what')

const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
const anyText = fc.string({ unit: 'binary', maxLength: 40 })
const anyRecipient = fc.record({
  label: fc.constantFrom('secret', 'metadata', 'recent', 'account'),
  parts: fc.array(fc.oneof(anyText, anyBytes), { maxLength: 4 }),
  stretched: fc.option(
    fc.record({
      parameters: fc.record({
        memory: fc.integer({ min: 8, max: 1024 * 1024 }),
        time: fc.integer({ min: 1, max: 16 }),
        salt: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
      }),
      output: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
    }),
    { nil: undefined },
  ),
}) satisfies fc.Arbitrary<KeyInput>
const anyBinding = fc.record({
  id: fc
    .string({ unit: fc.constantFrom(...'abcXYZ019-_'), minLength: 25, maxLength: 25 })
    .map((text) => text as BindingId),
  created: fc.integer({ min: 0, max: 2 ** 48 }).map(milliseconds),
  ttl: fc.integer({ min: 0, max: 2 ** 31 }).map(seconds),
})

describe('seal and open', () => {
  it('return any bytes for any key input as they were', async () => {
    await holds(
      fc.property(anyBytes, anyRecipient, anyBinding, (bytes, someone, bound) => {
        const sealed = seal(ring, someone, bytes, bound)
        expect(open(ring, someone, sealed, bound)).toEqual(bytes)
        expect(argon2ParametersOf(sealed)).toEqual(someone.stretched?.parameters)
        expect(sealed).toHaveLength((someone.stretched === undefined ? 6 : 27) + bytes.length + 16)
      }),
    )
  })

  it('open nothing in which one bit has changed', async () => {
    await holds(
      fc.property(anyBytes, anyRecipient, fc.nat(), fc.nat(7), (bytes, someone, place, bit) => {
        const sealed = seal(ring, someone, bytes, binding)
        const at = place % sealed.length
        sealed[at] = (sealed[at] ?? 0) ^ (1 << bit)
        expect(open(ring, someone, sealed, binding)).toBeUndefined()
      }),
    )
  })

  it('open no arbitrary bytes, and throw nothing over them', async () => {
    await holds(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, ours) => {
        const sealed = Buffer.from(bytes)
        if (ours && sealed.length > 5) sealed.write(`01${ring.current.id}`, 'hex')
        expect(open(ring, keyInput, sealed, binding)).toBeUndefined()
      }),
    )
  })

  it.each<[string, KeyInput]>([
    ['label', { label: 'metadata', parts: ['who'] }],
    ['part', { label: 'secret', parts: ['whom'] }],
    ['number of parts', { label: 'secret', parts: ['who', ''] }],
  ])('open nothing for a key input with another %s', (_, other) => {
    expect(open(ring, other, seal(ring, keyInput, plaintext, binding), binding)).toBeUndefined()
  })

  it.each([
    { id: 'abcdefghijklmnopqrstuvwxz' as BindingId },
    { created: milliseconds(binding.created + 1) },
    { ttl: seconds(binding.ttl + 1) },
  ])('open nothing that is bound to another id, time or ttl: %j', (change) => {
    const sealed = seal(ring, keyInput, plaintext, binding)
    expect(open(ring, keyInput, sealed, { ...binding, ...change })).toBeUndefined()
  })

  it('open when the id of their root key begins with a zero', () => {
    const rings = Array.from({ length: 256 }, (_, byte) => createKeyRing([Buffer.alloc(32, byte)]))
    const beginsWithZero = rings.filter(({ current }) => current.id.startsWith('0'))
    expect(beginsWithZero).not.toHaveLength(0)
    for (const each of beginsWithZero)
      expect(open(each, keyInput, seal(each, keyInput, plaintext, binding), binding)).toEqual(plaintext)
  })

  it('seal under the first root key and open under any in the ring', () => {
    const sealed = seal(createKeyRing([OTHER_KEY]), keyInput, plaintext, binding)
    expect(open(ring, keyInput, sealed, binding)).toBeUndefined()
    expect(open(createKeyRing([KEY, OTHER_KEY]), keyInput, sealed, binding)).toEqual(plaintext)
    expect(seal(createKeyRing([OTHER_KEY, KEY]), keyInput, plaintext, binding)).toEqual(sealed)
  })
})
