import type { KeyRing } from '../crypto/key-ring.ts'
import type { LimitObserver, RateLimits, RateStore } from '../limits/rates.ts'
import type { Clock } from '../time.ts'
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts'
import { createTokenAttempts, type TokenAttempts } from './token-attempts.ts'
import { createUnreadableBodies, type UnreadableBodies } from './unreadable-bodies.ts'

/** What limits the requests of callers. */
export interface Limits {
  readonly limiter: RateLimiter
  readonly tokenAttempts: TokenAttempts
  readonly unreadableBodies: UnreadableBodies
}

/**
 * Creates the limits of a process.
 *
 * @param rates Counts for all processes together.
 * @param ring Hashes clients, so that the store reveals neither their networks nor their accounts.
 * @param limits Undefined to disable rate limits.
 * @param onLimited Is called for each request that is rejected without asking the store.
 */
export function createLimits(
  rates: RateStore,
  ring: KeyRing,
  limits: RateLimits | undefined,
  now: Clock,
  onLimited: LimitObserver = () => undefined,
): Limits {
  const limiter = createRateLimiter(rates, ring, limits, now)
  return {
    limiter,
    tokenAttempts: createTokenAttempts(rates, ring, limits, now, onLimited),
    unreadableBodies: createUnreadableBodies(limiter, now, onLimited),
  }
}
