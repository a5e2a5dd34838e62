import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { rateLimits } from '../../src/config/rate-limits.ts'
import { createKeyRing } from '../../src/crypto/key-ring.ts'
import { DomainError } from '../../src/errors.ts'
import { createTokenAttempts, type TokenAttempts } from '../../src/http/token-attempts.ts'
import type { RateStore } from '../../src/limits/rates.ts'
import { milliseconds } from '../../src/time.ts'
import { Memory, openMemoryStore } from '../contract/memory.ts'

const CLIENT = { network: '192.0.2.1', email: 'ana@example.com' }
const LIMITED = expect.objectContaining({ code: 'rate_limited' })
const ring = createKeyRing([randomBytes(32)])

/** Makes what one process limits by, at two wrong tokens in ten minutes. */
function startProcess(rates: RateStore): TokenAttempts {
  return createTokenAttempts(rates, ring, rateLimits.parse('wrong-token=2/600'), () => milliseconds(0))
}

const wrong = async () => undefined
const right = async () => 'account'

it('counts the wrong tokens of all processes together', async () => {
  const { rates } = openMemoryStore(new Memory())
  const [first, second] = [startProcess(rates), startProcess(rates)]
  for (const attempt of [first, second]) expect(await attempt(CLIENT, wrong)).toBeUndefined()
  await expect(first(CLIENT, wrong)).rejects.toEqual(LIMITED)
  await expect(first(CLIENT, right)).rejects.toEqual(LIMITED)
})

it('looks no account up beyond the limit on wrong tokens', async () => {
  const attempt = startProcess(openMemoryStore(new Memory()).rates)
  let lookUps = 0
  const count = async () => {
    lookUps += 1
    return undefined
  }
  await Promise.allSettled(Array.from({ length: 20 }, () => attempt(CLIENT, count)))
  await expect(attempt(CLIENT, count)).rejects.toEqual(LIMITED)
  expect(lookUps).toBe(2)
})

it('counts no attempt at a token during which the store fails', async () => {
  const attempt = startProcess(openMemoryStore(new Memory()).rates)
  const error = new DomainError('store_unavailable')
  for (let i = 0; i < 5; i += 1) {
    await expect(attempt(CLIENT, () => Promise.reject(error))).rejects.toBe(error)
  }
  expect(await attempt(CLIENT, right)).toBe('account')
})

it('names the buckets of wrong tokens by keyed hashes alone', async () => {
  const buckets: string[] = []
  const attempt = startProcess({
    async take({ bucket }) {
      buckets.push(bucket)
      return 0 as never
    },
  })
  await attempt(CLIENT, wrong)
  await attempt(CLIENT, right)
  await attempt(CLIENT, wrong)
  expect(buckets).toEqual([
    expect.stringMatching(/^wrongToken:[\w-]{16}$/),
    expect.stringMatching(/^wrongToken:[\w-]{16}$/),
  ])
  expect(buckets[0]).not.toBe(buckets[1])
})
