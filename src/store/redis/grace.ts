import type { Milliseconds } from '../../time.ts'
import { MAX_SERVER_SKEW_MS } from '../clock-limits.ts'

/**
 * Redis keeps records and rate limit buckets this many milliseconds longer than they are valid by the clock of the server that
 * created them. Otherwise, a server whose clock is behind would find a secret missing before its expiry and report it as orphaned,
 * and begin a window while another one lasts.
 */
export const GRACE_MS = MAX_SERVER_SKEW_MS

/** Returns for how many milliseconds Redis keeps what expires at a time; negative for what expired long ago. */
export function keptFor(expiry: Milliseconds, now: Milliseconds): number {
  return Math.ceil(expiry - now) + GRACE_MS
}
