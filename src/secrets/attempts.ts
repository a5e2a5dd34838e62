import { derive } from '../crypto/derive.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { counted, type RateLimit, type Window, waitOf, windowAt } from '../limits/rates.ts'
import { type Milliseconds, milliseconds, type Seconds, seconds } from '../time.ts'

const MINUTE = 60_000
const PER_NETWORK: RateLimit = { limit: 5, windowMs: milliseconds(10 * MINUTE) }
const PER_SECRET: RateLimit = { limit: 20, windowMs: milliseconds(30 * MINUTE) }

/** A passphrase attempt, counted before anything is hashed. */
export interface Attempt {
  /** Who tries: an opaque, keyed hash of the client network. */
  readonly network: string
  /** Attempts that one client network may make at one secret. */
  readonly perNetwork: RateLimit
  /** Attempts that all client networks together may make at one secret. */
  readonly perSecret: RateLimit
}

/** The passphrase attempts counted at one secret. A network in it has been counted for the secret too. */
export interface Attempts {
  readonly all: Window
  readonly byNetwork: Readonly<Record<string, Window>>
}

/** What counting an attempt led to. */
export type Counted =
  /** Too many. `retryAfter` is at least 1. Nothing was counted. */
  | { readonly kind: 'locked'; readonly retryAfter: Seconds }
  /** `left`: attempts that this network still has. */
  | { readonly kind: 'counted'; readonly attempts: Attempts; readonly left: number }

/**
 * Makes the attempt of a client: 5 at one secret in 10 minutes, and 20 in 30 minutes for all clients together.
 *
 * @param network The client network; only a keyed hash of it leaves this function.
 */
export function attemptFrom(ring: KeyRing, network: string): Attempt {
  const hashed = derive(ring.current.key, 'guess-source', network).toString('base64url', 0, 12)
  return { network: hashed, perNetwork: PER_NETWORK, perSecret: PER_SECRET }
}

/**
 * Counts an attempt, unless too many have been made.
 *
 * @param attempts Those counted so far.
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

/** Returns when the last of the windows ends and nothing is left to remember. */
export function attemptsExpiry({ all, byNetwork }: Attempts): Milliseconds {
  return milliseconds(Math.max(all.end, ...Object.values(byNetwork).map((window) => window.end)))
}
