import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import type { StoreHarness } from './harness.ts'
import { START } from './samples.ts'

const BUDGET = { limit: 4, windowMs: 20 * 60_000 }

/** Request budgets. */
export function rateStoreContract(harness: StoreHarness): void {
  describe('rates', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it('grants the budget and then tells the wait', async () => {
      const bucket = randomUUID()
      for (let i = 0; i < BUDGET.limit; i++) expect(await store.rates.take(bucket, BUDGET, START)).toBe(0)
      expect(await store.rates.take(bucket, BUDGET, START)).toBe(1200)
    })

    it('counts the wait down from the first request, at least one second', async () => {
      const bucket = await spent()
      const end = START + BUDGET.windowMs
      expect(await store.rates.take(bucket, BUDGET, START + 60_000)).toBe(1140)
      expect(await store.rates.take(bucket, BUDGET, end - 1001)).toBe(2)
      expect(await store.rates.take(bucket, BUDGET, end - 1000)).toBe(1)
      expect(await store.rates.take(bucket, BUDGET, end - 1)).toBe(1)
    })

    it('grants a full budget when the window is over, and refused requests are not counted', async () => {
      const bucket = await spent()
      const end = START + BUDGET.windowMs
      for (let i = 0; i < 10; i++) expect(await store.rates.take(bucket, BUDGET, end - 1)).toBe(1)
      for (let i = 0; i < BUDGET.limit; i++) expect(await store.rates.take(bucket, BUDGET, end)).toBe(0)
      expect(await store.rates.take(bucket, BUDGET, end)).toBe(1200)
    })

    it('keeps buckets apart', async () => {
      const bucket = await spent()
      expect(await store.rates.take(`${bucket}.`, BUDGET, START)).toBe(0)
      expect(await store.rates.take(bucket, BUDGET, START)).toBeGreaterThan(0)
    })

    it('never grants more than the budget at once, over several connections', async () => {
      const bucket = randomUUID()
      const others = [await harness.open(), await harness.open()]
      const takes = [store, ...others].flatMap((each) =>
        Array.from({ length: 10 }, () => each.rates.take(bucket, BUDGET, START)),
      )
      const waits = await Promise.all(takes)
      expect(waits.filter((wait) => wait === 0)).toHaveLength(BUDGET.limit)
      for (const other of others) await other.close()
    })

    async function spent(): Promise<string> {
      const bucket = randomUUID()
      for (let i = 0; i < BUDGET.limit; i++) await store.rates.take(bucket, BUDGET, START + i)
      return bucket
    }
  })
}
