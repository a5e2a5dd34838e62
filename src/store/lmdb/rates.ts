import { setImmediate as endOfTurn } from 'node:timers/promises'
import { DomainError } from '../../errors.ts'
import { countRequest, type Quota, type RateStore, type Window } from '../../limits/rates.ts'
import type { Milliseconds, Seconds } from '../../time.ts'
import { MAX_REQUEST_DELAY_MS } from '../clock-limits.ts'
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

/** Counts requests in the volatile file, those of one turn of the event loop or of one transaction together. */
export interface Counter {
  /** Takes note of a request. */
  add(quota: Quota, now: Milliseconds): PendingCount
  /**
   * Counts a request, and all others noted so far, unless that was done.
   *
   * @returns 0 when it was accepted; otherwise the seconds until the next one is.
   * @throws DomainError `store_unavailable`.
   */
  settle(pending: PendingCount): Seconds
}

/** A request that is being counted. */
interface PendingCount {
  readonly quota: Quota
  readonly now: Milliseconds
  /** The result, once it is there. */
  outcome?: Seconds | DomainError
}

/** Creates the counter of a process. */
export function createCounter(rates: RateTables): Counter {
  let noted: PendingCount[] = []

  function settleAll(): void {
    const all = noted
    noted = []
    try {
      const waits = rates.environment.transactNow(() => countAll(rates, all))
      all.forEach((each, index) => {
        each.outcome = waits[index] as Seconds
      })
    } catch (fault) {
      for (const each of all) each.outcome = fault as DomainError
    }
  }

  return {
    add(quota, now) {
      const pending = { quota, now }
      noted.push(pending)
      return pending
    },
    settle(pending) {
      if (pending.outcome === undefined) settleAll()
      const { outcome } = pending
      if (outcome instanceof DomainError) throw outcome
      return outcome as Seconds
    },
  }
}

/** Creates the rate store on a counter. */
export function createRateStore(counter: Counter): RateStore {
  return {
    async take(quota, now) {
      const pending = counter.add(quota, now)
      await endOfTurn()
      return counter.settle(pending)
    },
  }
}

/**
 * Counts requests in order, but reads and writes each bucket only once.
 *
 * @returns For each, 0 or the seconds to wait.
 */
function countAll({ buckets, expiry }: RateTables, requests: readonly PendingCount[]): Seconds[] {
  const stored = new Map<string, Window | undefined>()
  const written = new Map<string, Window>()
  const waits = requests.map(({ quota, now }) => {
    const { bucket, limit } = quota
    if (!stored.has(bucket)) stored.set(bucket, buckets.get(bucket))
    const latest = written.get(bucket) ?? stored.get(bucket)
    // A window that ends much later than a new one is from before the clock was set back. One that ends a little later was
    // begun by a request of another worker that read the clock after this one.
    const latestEnd = now + limit.windowMs + MAX_REQUEST_DELAY_MS
    const current = latest !== undefined && latest.end <= latestEnd ? latest : undefined
    const { wait, window } = countRequest(current, quota, now)
    if (window !== undefined) written.set(bucket, window)
    return wait
  })
  for (const [bucket, window] of written) {
    void buckets.put(bucket, window)
    if (window.end !== stored.get(bucket)?.end) void expiry.put([window.end, bucket], true)
  }
  return waits
}
