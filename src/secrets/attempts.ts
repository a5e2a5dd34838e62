import { derive } from '../crypto/derive.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { counted, type RateLimit, type Window, waitOf, windowAt } from '../limits/rates.ts'
import { type Milliseconds, milliseconds, type Seconds, seconds } from '../time.ts'

const MINUTE = 60_000
const PER_NETWORK: RateLimit = { limit: 5, windowMs: milliseconds(10 * MINUTE) }
const PER_SECRET: RateLimit = { limit: 20, windowMs: milliseconds(30 * MINUTE) }

/** A passphrase attempt, counted before anything is hashed. */
export interface Attempt {
  /** A keyed hash of the client network. */
  readonly network: string
  /** The limit for one client network at one secret. */
  readonly perNetwork: RateLimit
  /** The limit for all client networks together at one secret. */
  readonly perSecret: RateLimit
}

/** The passphrase attempts counted at one secret. Each attempt is counted both for its network and in `all`. */
export interface Attempts {
  readonly all: Window
  readonly byNetwork: Readonly<Record<string, Window>>
}

/** The result of counting an attempt. */
export type Counted =
  /** A limit is reached. `retryAfter` is at least 1. The attempt was not counted. */
  | { readonly kind: 'locked'; readonly retryAfter: Seconds }
  /** `left`: how many more attempts this network has. */
  | { readonly kind: 'counted'; readonly attempts: Attempts; readonly left: number }

/**
 * Creates an attempt of a client network, with the limits at one secret: 5 in 10 minutes for the network, and 20 in 30
 * minutes for all networks together.
 *
 * @param network The client network. Only a keyed hash of it is kept.
 */
export function attemptFrom(ring: KeyRing, network: string): Attempt {
  const hashed = derive(ring.current.key, 'guess-source', network).toString('base64url', 0, 12)
  return { network: hashed, perNetwork: PER_NETWORK, perSecret: PER_SECRET }
}

/**
 * Counts an attempt, unless a limit is reached.
 *
 * @param attempts The attempts counted so far, if any.
 */
export function countAttempt(
  attempts: Attempts | undefined,
  { network, perNetwork, perSecret }: Attempt,
  now: Milliseconds,
): Counted {
  const all = windowAt(attempts?.all, perSecret, now)
  const own = windowAt(attempts?.byNetwork[network], perNetwork, now)
  const retryAfter = seconds(Math.max(waitOf(all, perSecret, now), waitOf(own, perNetwork, now)))
  if (retryAfter > 0) return { kind: 'locked', retryAfter }
  const running = Object.entries(attempts?.byNetwork ?? {}).filter(([, window]) => now < window.end)
  return {
    kind: 'counted',
    left: Math.min(perSecret.limit - all.count, perNetwork.limit - own.count) - 1,
    attempts: {
      all: counted(all),
      byNetwork: { ...Object.fromEntries(running), [network]: counted(own) },
    },
  }
}

/** Returns when the last window ends, after which the attempts can be forgotten. */
export function attemptsExpiry({ all, byNetwork }: Attempts): Milliseconds {
  return milliseconds(Math.max(all.end, ...Object.values(byNetwork).map((window) => window.end)))
}
