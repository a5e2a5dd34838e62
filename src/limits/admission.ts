import { DomainError } from '../errors.ts'
import type { Clock } from '../time.ts'
import type { Quota, RateStore } from './rates.ts'

/**
 * The rate limit of one request, which counts once: by itself, before work that is expensive, or in the store step that does
 * the work, which saves a round trip.
 */
export interface Admission {
  /** The most that a request may count as, even where nothing has been counted yet. */
  readonly maximum: number
  /**
   * Counts the request, unless it has been counted.
   *
   * @param requests How many it counts as, all or none; 1 by default.
   * @throws DomainError `rate_limited`, `store_unavailable`.
   */
  count(requests?: number): Promise<void>
  /** Leaves counting to a store step. Returns what it must count the request against; undefined when that is nothing. */
  passOn(): Quota | undefined
}

/** Admits every request. */
export const UNLIMITED: Admission = {
  maximum: Number.POSITIVE_INFINITY,
  count: async () => undefined,
  passOn: () => undefined,
}

/** Creates the admission of one request. */
export function createAdmission(rates: RateStore, quota: Quota, now: Clock): Admission {
  let open: Quota | undefined = quota
  function passOn(): Quota | undefined {
    const passed = open
    open = undefined
    return passed
  }
  return {
    maximum: quota.limit.limit,
    passOn,
    async count(requests) {
      const passed = passOn()
      if (passed === undefined) return
      const retryAfter = await rates.take(requests === undefined ? passed : { ...passed, requests }, now())
      if (retryAfter > 0) throw new DomainError('rate_limited', { retryAfter })
    },
  }
}
