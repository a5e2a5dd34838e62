import { DomainError } from '../errors.ts'
import type { Clock } from '../time.ts'
import type { Quota, RateStore } from './rates.ts'

/**
 * The rate limit of one request, which counts once: by itself, before work that is expensive, or in the store step that does
 * the work, which saves a round trip.
 */
export interface Admission {
  /** Counts the request, unless it has been counted. @throws DomainError `rate_limited`, `store_unavailable`. */
  count(): Promise<void>
  /** Returns what a store step must count the request against; undefined if nothing. The request then has been counted. */
  passOn(): Quota | undefined
}

/** Admits every request. */
export const UNLIMITED: Admission = { count: async () => undefined, passOn: () => undefined }

/** Creates the admission of one request. */
export function createAdmission(rates: RateStore, quota: Quota, now: Clock): Admission {
  let open: Quota | undefined = quota
  function passOn(): Quota | undefined {
    const passed = open
    open = undefined
    return passed
  }
  return {
    passOn,
    async count() {
      const passed = passOn()
      if (passed === undefined) return
      const retryAfter = await rates.take(passed, now())
      if (retryAfter > 0) throw new DomainError('rate_limited', { retryAfter })
    },
  }
}
