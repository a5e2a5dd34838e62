import { describe, expect, it } from 'vitest'
import { createPassphraseHasher } from '../../src/crypto/passphrase.ts'

const CHEAP = { memory: 8, time: 1 }
const SLOW = { memory: 8192, time: 3 }
const SOMEBODY = { purpose: 'claim', network: '192.0.2.1' } as const

describe('createPassphraseHasher', () => {
  it('draws a salt for each new passphrase, and returns the same output for the same salt', async () => {
    const hasher = createPassphraseHasher(CHEAP, 2, 10)
    const first = await hasher.stretch('words', SOMEBODY)
    const second = await hasher.stretch('words', SOMEBODY)
    expect(first.parameters).toEqual({ ...CHEAP, salt: expect.any(Buffer) })
    expect(first.parameters.salt).toHaveLength(16)
    expect(first.output).toHaveLength(32)
    expect(second.parameters.salt).not.toEqual(first.parameters.salt)
    expect(second.output).not.toEqual(first.output)
    expect((await hasher.stretch('words', SOMEBODY, first.parameters)).output).toEqual(first.output)
    expect((await hasher.stretch('Words', SOMEBODY, first.parameters)).output).not.toEqual(first.output)
  })

  it('stretches at the cost that the record names, not the configured one', async () => {
    const { parameters, output } = await createPassphraseHasher(SLOW, 1, 0).stretch('words', SOMEBODY)
    const again = await createPassphraseHasher(CHEAP, 1, 0).stretch('words', SOMEBODY, parameters)
    expect(again).toEqual({ parameters, output })
  })

  it.each([
    { memory: 7, time: 1 },
    { memory: 1024 * 1024 + 1, time: 1 },
    { memory: 19_456, time: 0 },
    { memory: 19_456, time: 17 },
    { memory: Number.NaN, time: 2 },
  ])('rejects a cost that no record may name: %j', (cost) => {
    expect(() => createPassphraseHasher(cost, 1, 1)).toThrow(RangeError)
  })

  it('F11: runs a limited number of hashes at once, in order, and rejects more than may wait', async () => {
    const hasher = createPassphraseHasher(SLOW, 2, 3)
    const finished: number[] = []
    const underWay: number[] = []
    const hashes = Array.from({ length: 5 }, async (_, index) => {
      await hasher.stretch(`words ${index}`, SOMEBODY)
      finished.push(index)
      underWay.push(5 - hasher.waiting - finished.length)
    })
    expect(hasher.waiting).toBe(3)
    const overloaded = { code: 'overloaded', detail: { retryAfter: expect.any(Number) } }
    expect(() => hasher.assertCapacity(SOMEBODY)).toThrow(expect.objectContaining(overloaded))
    await expect(hasher.stretch('one too many', SOMEBODY)).rejects.toMatchObject(overloaded)

    await Promise.all(hashes)
    expect(Math.max(...underWay)).toBeLessThanOrEqual(2)
    // Two begin at once, and each of the others when one more has finished.
    for (const index of [2, 3, 4]) expect(finished.indexOf(index)).toBeGreaterThanOrEqual(index - 1)
    expect(hasher.waiting).toBe(0)
    hasher.assertCapacity(SOMEBODY)
    await hasher.stretch('room again', SOMEBODY)
  })

  it('passes the slot of a failed hash to the next in the queue', async () => {
    const hasher = createPassphraseHasher(CHEAP, 1, 2)
    const impossible = { memory: 0, time: 1, salt: Buffer.alloc(16) }
    const [first, second, third] = await Promise.allSettled([
      hasher.stretch('words', SOMEBODY, impossible),
      hasher.stretch('words', SOMEBODY, impossible),
      hasher.stretch('words', SOMEBODY),
    ])
    expect([first.status, second.status, third.status]).toEqual(['rejected', 'rejected', 'fulfilled'])
    expect(hasher.waiting).toBe(0)
    await hasher.stretch('words', SOMEBODY)
  })
})
