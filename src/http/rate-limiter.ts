import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import type { RateLimits, RateStore } from '../limits/rates.ts'
import type { Caller } from '../sharing/caller.ts'
import type { Clock } from '../time.ts'
import { networkHasher } from './network-hash.ts'

/** The actions that are rate limited. */
export type RateLimited = 'create' | 'reveal' | 'receipt' | 'sign-in' | 'unreadable-body'

/**
 * Counts one request against the caller's rate limit.
 *
 * @throws DomainError `rate_limited`, `store_unavailable`.
 */
export type RateLimiter = (what: RateLimited, caller: Pick<Caller, 'account' | 'network'>) => Promise<void>

/**
 * Creates a limiter that counts in the store, so that all processes share its counts.
 *
 * @param ring Hashes client networks, so that the store does not reveal them.
 * @param limits Undefined to disable rate limits.
 */
export function createRateLimiter(
  rates: RateStore,
  ring: KeyRing,
  limits: RateLimits | undefined,
  now: Clock,
): RateLimiter {
  if (limits === undefined) return async () => {}
  const hash = networkHasher(ring)
  return async (what, { account, network }) => {
    // A caller who signs in has no account yet.
    const id = what === 'sign-in' ? undefined : account?.ids[0]
    const limit = limitOf(what, id === undefined ? 'network' : 'account')
    const retryAfter = await rates.take(`${limit}:${id ?? hash(network)}`, limits[limit], now())
    if (retryAfter > 0) throw new DomainError('rate_limited', { retryAfter })
  }
}

function limitOf(what: RateLimited, by: 'network' | 'account'): keyof RateLimits {
  switch (what) {
    case 'sign-in':
      return 'signIn'
    case 'unreadable-body':
      return 'unreadableBody'
    case 'create':
      return by === 'account' ? 'accountCreate' : 'create'
    case 'reveal':
      return by === 'account' ? 'accountReveal' : 'reveal'
    case 'receipt':
      return by === 'account' ? 'accountReceipt' : 'receipt'
  }
}
