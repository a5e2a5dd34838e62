import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RateLimit } from '../../src/limits/rates.ts'
import type { Store } from '../../src/store/store.ts'
import { milliseconds } from '../../src/time.ts'
import { later } from '../support/time.ts'
import type { StoreHarness } from './harness.ts'
import { START } from './samples.ts'

const LIMIT: RateLimit = { limit: 4, windowMs: milliseconds(20 * 60_000) }

/** Registers the tests of rate limits. */
export function rateStoreContract(harness: StoreHarness): void {
  describe('rate limits', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it('accepts as many requests as the limit, and then returns the wait', async () => {
      const bucket = randomUUID()
      for (let i = 0; i < LIMIT.limit; i++)
        expect(await store.rates.take({ bucket, limit: LIMIT }, START)).toBe(0)
      expect(await store.rates.take({ bucket, limit: LIMIT }, START)).toBe(1200)
    })

    it('counts the wait down from the first request to no less than one second', async () => {
      const bucket = await spentBucket()
      const end = later(START, LIMIT.windowMs)
      expect(await store.rates.take({ bucket, limit: LIMIT }, later(START, 60_000))).toBe(1140)
      expect(await store.rates.take({ bucket, limit: LIMIT }, later(end, -1001))).toBe(2)
      expect(await store.rates.take({ bucket, limit: LIMIT }, later(end, -1000))).toBe(1)
      expect(await store.rates.take({ bucket, limit: LIMIT }, later(end, -1))).toBe(1)
    })

    it('accepts as many requests again in the next window, and counts no rejected one', async () => {
      const bucket = await spentBucket()
      const end = later(START, LIMIT.windowMs)
      for (let i = 0; i < 10; i++)
        expect(await store.rates.take({ bucket, limit: LIMIT }, later(end, -1))).toBe(1)
      for (let i = 0; i < LIMIT.limit; i++)
        expect(await store.rates.take({ bucket, limit: LIMIT }, end)).toBe(0)
      expect(await store.rates.take({ bucket, limit: LIMIT }, end)).toBe(1200)
    })

    it('counts a request as several, all of them or none', async () => {
      const quota = { bucket: randomUUID(), limit: LIMIT }
      const end = later(START, LIMIT.windowMs)
      expect(await store.rates.take({ ...quota, requests: 5 }, START)).toBe(1200)
      expect(await store.rates.take({ ...quota, requests: 3 }, START)).toBe(0)
      expect(await store.rates.take({ ...quota, requests: 2 }, later(START, 60_000))).toBe(1140)
      expect(await store.rates.take(quota, later(START, 60_000))).toBe(0)
      expect(await store.rates.take(quota, later(START, 60_000))).toBe(1140)
      expect(await store.rates.take({ ...quota, requests: 4 }, end)).toBe(0)
    })

    it('counts each bucket by itself', async () => {
      const bucket = await spentBucket()
      expect(await store.rates.take({ bucket: `${bucket}.`, limit: LIMIT }, START)).toBe(0)
      expect(await store.rates.take({ bucket, limit: LIMIT }, START)).toBeGreaterThan(0)
    })

    it('counts each bucket by itself when several are asked at once', async () => {
      const [fresh, spent] = [randomUUID(), await spentBucket()]
      const takes = [fresh, spent, fresh].map((bucket) => store.rates.take({ bucket, limit: LIMIT }, START))
      expect(await Promise.all(takes)).toEqual([0, 1200, 0])
    })

    it('never accepts more requests than the limit when several connections count at once', async () => {
      const bucket = randomUUID()
      const others = [await harness.open(), await harness.open()]
      const takes = [store, ...others].flatMap((each) =>
        Array.from({ length: 10 }, () => each.rates.take({ bucket, limit: LIMIT }, START)),
      )
      const waits = await Promise.all(takes)
      expect(waits.filter((wait) => wait === 0)).toHaveLength(LIMIT.limit)
      for (const other of others) await other.close()
    })

    async function spentBucket(): Promise<string> {
      const bucket = randomUUID()
      for (let i = 0; i < LIMIT.limit; i++) await store.rates.take({ bucket, limit: LIMIT }, later(START, i))
      return bucket
    }
  })
}
