import { createLocalRates } from '../../limits/local-rates.ts'
import type { Quota, RateStore } from '../../limits/rates.ts'
import { type Milliseconds, type Seconds, seconds } from '../../time.ts'
import { missesReplicas } from './errors.ts'
import { GRACE_MS } from './grace.ts'
import { rateCounter } from './keys.ts'
import { Packed } from './packed.ts'
import { type Reply, type RunScript, withinLimit } from './scripts.ts'

const take = withinLimit({ source: '', confirmed: false })

/** What a script within a rate limit replies when that is reached. */
type LimitedReply = [kind: Buffer, wait: number]

/**
 * Creates the rate store in Redis. While Redis rejects writes because it misses replicas, each process counts for itself, so
 * that what needs no write goes on, within limits.
 */
export function createRateStore(run: RunScript): RateStore {
  const local = createLocalRates()
  return {
    async take(quota, now) {
      try {
        return waitOf(await run(take, [rateCounter(quota.bucket)], [packLimit(quota, now)]))
      } catch (error) {
        if (!missesReplicas(error)) throw error
        return local.take(quota, now)
      }
    },
  }
}

/** Packs the argument that a script within a rate limit takes last: see lua/rates/admit.lua. */
export function packLimit({ limit, requests = 1 }: Quota, now: Milliseconds): Packed {
  return Packed.of(now, limit.limit, limit.windowMs, requests, GRACE_MS)
}

/** Returns the seconds to wait by the reply of a script that rejects an attempt or a request; 0 for no such reply. */
export function waitOf(reply: Reply): Seconds {
  return seconds(reply === null ? 0 : Math.ceil((reply as LimitedReply)[1] / 1000))
}
