import { createLocalRates } from '../../limits/local-rates.ts'
import type { RateStore } from '../../limits/rates.ts'
import { seconds } from '../../time.ts'
import { missesReplicas } from './errors.ts'
import { rateCounter } from './keys.ts'
import { loadScript, type RunScript } from './scripts.ts'

const take = loadScript('rates/take', { confirmed: false })

/**
 * Creates the rate store in Redis. While Redis rejects writes because it misses replicas, each process counts for itself, so
 * that what needs no write goes on, within limits.
 */
export function createRateStore(run: RunScript): RateStore {
  const local = createLocalRates()
  return {
    async take(bucket, rate, now) {
      try {
        const wait = await run(take, [rateCounter(bucket)], [now, rate.limit, rate.windowMs])
        return seconds(Math.ceil((wait as number) / 1000))
      } catch (error) {
        if (!missesReplicas(error)) throw error
        return local.take(bucket, rate, now)
      }
    },
  }
}
