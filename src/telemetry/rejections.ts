import type * as Prometheus from 'prom-client'
import type { AccountEventHandler } from '../accounts/events.ts'
import { RATE_LIMIT_NAMES, type RateLimits } from '../limits/rates.ts'

/** The class of counters, and where to register them. */
type Registration = Pick<typeof Prometheus, 'Counter'> & { readonly registers: Prometheus.Registry[] }

/** Counts callers that were rejected. */
export interface Rejections {
  readonly onAccountEvent: AccountEventHandler
  /** Counts a request that a rate limit rejected. @param limit Its name, as a field of `RateLimits`. */
  rateLimited(limit: string): void
}

/** Creates the counters of callers that were rejected for who they are, or for how often they asked. */
export function createRejections({ Counter, registers }: Registration): Rejections {
  const failures = new Counter({
    name: 'emberlink_authentication_failures_total',
    help: 'Wrong credentials, by the version of the API, or page for the sign-in form and ended sessions.',
    labelNames: ['way'],
    registers,
  })
  for (const way of ['page', 'v1', 'v2', 'v3']) failures.inc({ way }, 0)
  const limited = new Counter({
    name: 'emberlink_rate_limited_total',
    help: 'Requests that a rate limit rejected, by its name in RATE_LIMIT. Passphrase attempts have limits of their own.',
    labelNames: ['limit'],
    registers,
  })
  for (const limit of Object.values(RATE_LIMIT_NAMES)) limited.inc({ limit }, 0)
  return {
    onAccountEvent(event, _account, { way }) {
      if (event === 'authentication_failed') failures.inc({ way })
    },
    rateLimited: (limit) => limited.inc({ limit: RATE_LIMIT_NAMES[limit as keyof RateLimits] ?? 'other' }),
  }
}
