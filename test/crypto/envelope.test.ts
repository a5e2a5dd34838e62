import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { argon2ParametersOf, open, type Recipient, seal } from '../../src/crypto/envelope.ts'
import { createKeyRing } from '../../src/crypto/key-ring.ts'

const [KEY, OTHER_KEY] = [randomBytes(32), randomBytes(32)]
const ring = createKeyRing([KEY])
const binding = { id: 'abcdefghijklmnopqrstuvwxy', created: 1_768_478_400_000, ttl: 600 }
const recipient: Recipient = { label: 'secret', parts: ['who'] }
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
}) satisfies fc.Arbitrary<Recipient>
const anyBinding = fc.record({
  id: fc.string({ unit: fc.constantFrom(...'abcXYZ019-_'), minLength: 25, maxLength: 25 }),
  created: fc.integer({ min: 0, max: 2 ** 48 }),
  ttl: fc.integer({ min: 0, max: 2 ** 31 }),
})

describe('seal and open', () => {
  it('round-trip any bytes for any recipient, byte for byte', () => {
    fc.assert(
      fc.property(anyBytes, anyRecipient, anyBinding, (bytes, whom, tie) => {
        const sealed = seal(ring, whom, bytes, tie)
        expect(open(ring, whom, sealed, tie)).toEqual(bytes)
        expect(argon2ParametersOf(sealed)).toEqual(whom.stretched?.parameters)
        expect(sealed).toHaveLength((whom.stretched === undefined ? 6 : 27) + bytes.length + 16)
      }),
    )
  })

  it('keep shut once any one bit has changed', () => {
    fc.assert(
      fc.property(anyBytes, anyRecipient, fc.nat(), fc.nat(7), (bytes, whom, place, bit) => {
        const sealed = seal(ring, whom, bytes, binding)
        const at = place % sealed.length
        sealed[at] = (sealed[at] ?? 0) ^ (1 << bit)
        expect(open(ring, whom, sealed, binding)).toBeUndefined()
      }),
    )
  })

  it('keep shut, and never crash, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, ours) => {
        const sealed = Buffer.from(bytes)
        if (ours && sealed.length > 5) sealed.write(`01${ring.current.id}`, 'hex')
        expect(open(ring, recipient, sealed, binding)).toBeUndefined()
      }),
    )
  })

  it.each<[string, Recipient]>([
    ['label', { label: 'metadata', parts: ['who'] }],
    ['part', { label: 'secret', parts: ['whom'] }],
    ['number of parts', { label: 'secret', parts: ['who', ''] }],
  ])('keep shut for another %s', (_, other) => {
    expect(open(ring, other, seal(ring, recipient, plaintext, binding), binding)).toBeUndefined()
  })

  it.each([{ id: 'abcdefghijklmnopqrstuvwxz' }, { created: binding.created + 1 }, { ttl: binding.ttl + 1 }])(
    'keep shut in another place or time: %j',
    (change) => {
      const sealed = seal(ring, recipient, plaintext, binding)
      expect(open(ring, recipient, sealed, { ...binding, ...change })).toBeUndefined()
    },
  )

  it('seal under the first root key and open under any in the ring', () => {
    const sealed = seal(createKeyRing([OTHER_KEY]), recipient, plaintext, binding)
    expect(open(ring, recipient, sealed, binding)).toBeUndefined()
    expect(open(createKeyRing([KEY, OTHER_KEY]), recipient, sealed, binding)).toEqual(plaintext)
    expect(seal(createKeyRing([OTHER_KEY, KEY]), recipient, plaintext, binding)).toEqual(sealed)
  })
})
