import { type Milliseconds, milliseconds, type Seconds } from '../time.ts'

/** How far two clocks may be apart before it is a warning. */
const TOLERATED_S = 2

/** How far they may be apart before secrets expire visibly too early or too late. */
const UNFIT_S = 30

/** Tells whether two clocks may differ that much without a warning. */
export function isTolerable(skew: Seconds): boolean {
  return Math.abs(skew) <= TOLERATED_S
}

/** Tells whether two clocks differ too much to serve secrets by. */
export function isUnfit(skew: Seconds): boolean {
  return Math.abs(skew) > UNFIT_S
}

/** Maximum by which the clocks of two servers may be apart that both serve secrets: one is ahead of the store, one behind. */
export const MAX_SERVER_SKEW_MS: Milliseconds = milliseconds(2 * UNFIT_S * 1000)

/** Maximum by which a request's time may lie behind that of another one that is served: more is a clock that was set back. */
export const MAX_REQUEST_DELAY_MS: Milliseconds = milliseconds(UNFIT_S * 1000)
