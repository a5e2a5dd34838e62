import { type Seconds, seconds } from '../time.ts'

/** The default and maximum lifetimes of secrets. */
export interface TtlPolicy {
  readonly default: Seconds
  readonly maxAnonymous: Seconds
  readonly maxAccount: Seconds
}

const MIN_TTL = 60
const NUMBER = /^\s*\d+(\.\d*)?(e\+?\d{1,3})?\s*$/i

/**
 * Returns a `ttl` parameter as v2 reads it: the number that it begins with, and the minimum if that is not positive.
 * Source: docs/api/v2.md section 3.
 *
 * @returns Undefined when the client sent none.
 */
export function ttlOrMinimum(requested: string | undefined): string | undefined {
  if (requested === undefined || wantedSeconds(requested) > 0) return requested
  // Beyond 308 digits, it would be Infinity, which is no number of seconds.
  return String(Math.min(Math.max(MIN_TTL, Number.parseInt(requested, 10) || 0), Number.MAX_SAFE_INTEGER))
}

/**
 * Grants a ttl: the requested one, clamped between 60 seconds and the caller's maximum, or the default when it is missing
 * or not a positive number. Source: docs/api/v1.md section 3.
 *
 * @param requested The `ttl` parameter, if the client sent one.
 * @param maximum The caller's maximum, which limits the default too.
 * @returns Whole seconds.
 */
export function grantTtl(requested: string | undefined, policy: TtlPolicy, maximum: Seconds): Seconds {
  const wanted = wantedSeconds(requested)
  return seconds(Math.min(wanted > 0 ? Math.max(wanted, MIN_TTL) : policy.default, maximum))
}

/** Returns the seconds that a `ttl` parameter asks for; 0 when it is missing or not a positive number. */
function wantedSeconds(requested = ''): number {
  return NUMBER.test(requested) ? Math.floor(Number(requested)) : 0
}
