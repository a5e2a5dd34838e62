import { type Seconds, seconds } from '../time.ts'

/** How long secrets may live. */
export interface TtlPolicy {
  readonly default: Seconds
  readonly maxAnonymous: Seconds
  readonly maxAccount: Seconds
}

const MIN_TTL = 60
const NUMBER = /^\s*\d+(\.\d*)?(e\+?\d{1,3})?\s*$/i

/**
 * Grants a ttl: the default for what is no positive number, else held between 60 seconds and the ceiling. Source:
 * docs/api/v1.md section 3.
 *
 * @param requested The `ttl` parameter as it came, if it came.
 * @param ceiling The caller's maximum.
 * @returns Whole seconds.
 */
export function grantTtl(requested: string | undefined, policy: TtlPolicy, ceiling: Seconds): Seconds {
  const wanted = requested !== undefined && NUMBER.test(requested) ? Math.floor(Number(requested)) : 0
  return seconds(Math.min(wanted > 0 ? Math.max(wanted, MIN_TTL) : policy.default, ceiling))
}
