import type { RateStore } from '../../limits/rates.ts'
import { seconds } from '../../time.ts'
import { rateCounter } from './keys.ts'
import { loadScript, type RunScript } from './scripts.ts'

const take = loadScript('rates/take', { confirmed: false })

/** Creates the rate store in Redis. */
export function createRateStore(run: RunScript): RateStore {
  return {
    async take(bucket, { limit, windowMs }, now) {
      const wait = await run(take, [rateCounter(bucket)], [now, limit, windowMs])
      return seconds(Math.ceil((wait as number) / 1000))
    },
  }
}
