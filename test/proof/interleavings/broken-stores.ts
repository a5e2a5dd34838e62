import type { Mistake } from './mistake.ts'
import { MISTAKES_IN_CLAIMS } from './mistakes-in-claims.ts'
import { MISTAKES_IN_LIMITS } from './mistakes-in-limits.ts'
import { MISTAKES_IN_RECORDS } from './mistakes-in-records.ts'

/** The stores with one mistake each, which the enumeration has to find. */
export const BROKEN_STORES: readonly [Mistake, ...Mistake[]] = [
  ...MISTAKES_IN_CLAIMS,
  ...MISTAKES_IN_LIMITS,
  ...MISTAKES_IN_RECORDS,
]
