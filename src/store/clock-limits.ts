import type { Seconds } from '../time.ts'

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
