import type { KeyRing } from '../crypto/key-ring.ts'
import { type Admission, createAdmission, UNLIMITED } from '../limits/admission.ts'
import type { RateLimits, RateStore } from '../limits/rates.ts'
import type { Caller } from '../sharing/caller.ts'
import type { Clock } from '../time.ts'
import { networkHasher } from './network-hash.ts'

/** The actions that are rate limited. */
export type RateLimited = 'create' | 'reveal' | 'receipt' | 'sign-in' | 'unreadable-body'

/** Returns the admission of one request, which is not counted yet. */
export type RateLimiter = (what: RateLimited, caller: Pick<Caller, 'account' | 'network'>) => Admission

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
  if (limits === undefined) return () => UNLIMITED
  const hash = networkHasher(ring)
  return (what, { account, network }) => {
    // A caller who signs in has no account yet.
    const id = what === 'sign-in' ? undefined : account?.ids[0]
    const limit = limitOf(what, id === undefined ? 'network' : 'account')
    return createAdmission(rates, { bucket: `${limit}:${id ?? hash(network)}`, limit: limits[limit] }, now)
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
