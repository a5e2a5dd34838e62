import type { RateStore } from '../../limits/store.ts'
import { rateKey } from './keys.ts'
import { loadScript, type RunScript } from './scripts.ts'

const take = loadScript('rates/take', false)

/** @returns Request budgets in Redis. */
export function createRateStore(run: RunScript): RateStore {
  return {
    async take(bucket, budget, now) {
      const wait = await run(take, [rateKey(bucket)], [now, budget.limit, budget.windowMs])
      return Math.ceil((wait as number) / 1000)
    },
  }
}
