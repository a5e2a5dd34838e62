import { describe, expect, it } from 'vitest'
import { createLocalRates } from '../../src/limits/local-rates.ts'
import { milliseconds } from '../../src/time.ts'

const LIMIT = { limit: 2, windowMs: milliseconds(10_000) }

describe('the rate store of one process', () => {
  it('rejects what exceeds a limit, for each bucket by itself, until its window has ended', async () => {
    const rates = createLocalRates()
    const take = (bucket: string, at: number) => rates.take({ bucket, limit: LIMIT }, milliseconds(at))
    expect([await take('a', 0), await take('a', 1), await take('a', 2000), await take('b', 2000)]).toEqual([
      0, 0, 8, 0,
    ])
    expect(await take('a', 10_000)).toBe(0)
  })

  it('forgets the bucket that was counted longest ago when there are very many', async () => {
    const rates = createLocalRates()
    const once = { ...LIMIT, limit: 1 }
    for (let index = 0; index <= 8192; index += 1)
      await rates.take({ bucket: `${index}`, limit: once }, milliseconds(0))
    expect(await rates.take({ bucket: '1', limit: once }, milliseconds(0))).toBe(10)
    expect(await rates.take({ bucket: '0', limit: once }, milliseconds(0))).toBe(0)
  })
})
