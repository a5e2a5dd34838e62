import { countRequest, type RateStore, type Window } from '../../limits/rates.ts'
import type { Environment } from './environment.ts'
import type { Table } from './table.ts'

/** The tables of the volatile file. */
export interface RateTables {
  readonly environment: Environment
  readonly buckets: Table<Window, string>
  /** The index of windows by their end: Unix milliseconds, then the bucket. */
  readonly expiry: Table<true, [at: number, bucket: string]>
}

/** Opens the tables, and creates missing ones. @throws An LMDB error. */
export function openRateTables(environment: Environment): RateTables {
  return { environment, buckets: environment.table('buckets'), expiry: environment.table('expiry') }
}

/** Creates the rate store on open tables. */
export function createRateStore({ environment, buckets, expiry }: RateTables): RateStore {
  return {
    take: (bucket, limit, now) =>
      environment.transact(() => {
        const stored = buckets.get(bucket)
        // A window that ends later than a new one is from before the clock was set back.
        const current = stored !== undefined && stored.end <= now + limit.windowMs ? stored : undefined
        const { wait, window } = countRequest(current, limit, now)
        if (window !== undefined) void buckets.put(bucket, window)
        if (window !== undefined && window.end !== stored?.end) void expiry.put([window.end, bucket], true)
        return wait
      }),
  }
}
