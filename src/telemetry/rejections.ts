import type { AccountEventHandler } from '../accounts/events.ts'
import { RATE_LIMIT_NAMES, type RateLimits } from '../limits/rates.ts'
import { type CounterRegistration, createLabelledCounter } from './labelled-counter.ts'

/** Counts callers that were rejected. */
export interface Rejections {
  readonly onAccountEvent: AccountEventHandler
  /** Counts a request that a rate limit rejected. @param limit Its name, as a field of `RateLimits`. */
  rateLimited(limit: string): void
}

/** Creates the counters of callers that were rejected for who they are, or for how often they asked. */
export function createRejections(registration: CounterRegistration): Rejections {
  const countFailure = createLabelledCounter<string>(registration, {
    name: 'emberlink_authentication_failures_total',
    help: 'Wrong credentials, by the version of the API, or page for the sign-in form and ended sessions.',
    label: 'way',
    values: ['page', 'v1', 'v2', 'v3'],
  })
  const countLimited = createLabelledCounter<string>(registration, {
    name: 'emberlink_rate_limited_total',
    help: 'Requests that a rate limit rejected, by its name in RATE_LIMIT. Passphrase attempts have limits of their own.',
    label: 'limit',
    values: Object.values(RATE_LIMIT_NAMES),
  })
  return {
    onAccountEvent(event, _account, { way }) {
      if (event === 'authentication_failed') countFailure(way)
    },
    rateLimited: (limit) => countLimited(RATE_LIMIT_NAMES[limit as keyof RateLimits] ?? 'other'),
  }
}
