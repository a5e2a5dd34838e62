import type { RateStore } from '../../limits/store.ts'
import type { Environment, Table } from './environment.ts'
import { counted, type Window, waitOf, windowAt } from './window.ts'

/** The tables of the file that may be lost when the machine stops. */
export interface RateTables {
  readonly environment: Environment
  readonly buckets: Table<Window, string>
  /** When a bucket's window ends: Unix milliseconds and the bucket's name. */
  readonly expiry: Table<true, [at: number, bucket: string]>
}

/** @returns The tables, created if they are missing. @throws Error of LMDB. */
export function openRateTables(environment: Environment): RateTables {
  return { environment, buckets: environment.table('buckets'), expiry: environment.table('expiry') }
}

/** @returns The rate store on the opened tables. */
export function createRateStore({ environment, buckets, expiry }: RateTables): RateStore {
  return {
    take: (bucket, budget, now) =>
      environment.transact(() => {
        const stored = buckets.get(bucket)
        const window = windowAt(stored, budget, now)
        const wait = waitOf(window, budget, now)
        if (wait > 0) return wait
        void buckets.put(bucket, counted(window))
        if (window !== stored) void expiry.put([window.end, bucket], true)
        return 0
      }),
  }
}
