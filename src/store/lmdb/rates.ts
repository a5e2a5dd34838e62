import { countRequest, type Quota, type RateStore, type Window } from '../../limits/rates.ts'
import { type Milliseconds, type Seconds, seconds } from '../../time.ts'
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
export function createRateStore(rates: RateTables): RateStore {
  return { take: (quota, now) => rates.environment.transact(() => count(rates, quota, now)) }
}

/**
 * Counts a request and takes a step for it. The step begins as soon as the request is counted, while the count is being
 * written, so that both take hardly longer than one.
 *
 * @param quota What the request counts against; undefined for nothing.
 * @param reject Returns the answer when the rate limit is reached. The step is not taken then.
 * @throws DomainError `store_unavailable`, and whatever `step` throws.
 */
export async function admit<T>(
  rates: RateTables,
  quota: Quota | undefined,
  now: Milliseconds,
  step: () => Promise<T>,
  reject: (wait: Seconds) => T,
): Promise<T> {
  if (quota === undefined) return step()
  let begun: Promise<T> | undefined
  const counting = rates.environment.transact(() => {
    const wait = count(rates, quota, now)
    if (wait > 0) return wait
    begun = step()
    // It may fail before the count is written.
    begun.catch(() => undefined)
    return wait
  })
  const wait = await counting.catch((fault: unknown) => {
    if (begun === undefined) throw fault
    // A claim cannot be undone. That its count is lost must not cost the secret.
    return seconds(0)
  })
  return begun ?? reject(wait)
}

function count({ buckets, expiry }: RateTables, quota: Quota, now: Milliseconds): Seconds {
  const { bucket, limit } = quota
  const stored = buckets.get(bucket)
  // A window that ends later than a new one is from before the clock was set back.
  const current = stored !== undefined && stored.end <= now + limit.windowMs ? stored : undefined
  const { wait, window } = countRequest(current, quota, now)
  if (window !== undefined) void buckets.put(bucket, window)
  if (window !== undefined && window.end !== stored?.end) void expiry.put([window.end, bucket], true)
  return wait
}
