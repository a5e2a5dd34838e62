/** How long secrets may live, in seconds. */
export interface TtlPolicy {
  readonly default: number
  readonly maxAnonymous: number
  readonly maxAccount: number
}

const MIN_TTL = 60
const NUMBER = /^\s*\d+(\.\d*)?(e\+?\d{1,3})?\s*$/i

/**
 * @param requested The `ttl` parameter as it came, if it came.
 * @param ceiling The caller's greatest ttl in seconds.
 * @returns Whole seconds: the default for what is no positive number, else held between 60 and the ceiling.
 *   Source: v1-api section 3.
 */
export function grantTtl(requested: string | undefined, policy: TtlPolicy, ceiling: number): number {
  const seconds = requested !== undefined && NUMBER.test(requested) ? Math.floor(Number(requested)) : 0
  if (seconds <= 0) return Math.min(policy.default, ceiling)
  return Math.min(Math.max(seconds, MIN_TTL), ceiling)
}
