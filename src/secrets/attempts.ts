import { derive } from '../crypto/derive.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { counted, type RateLimit, type Window, waitOf, windowAt } from '../limits/rates.ts'
import { type Milliseconds, milliseconds, type Seconds, seconds, secondsUntil } from '../time.ts'

const MINUTE = 60_000

/** How many passphrase attempts are accepted. */
export interface AttemptLimits {
  /** Attempts that one client network may make at one secret. */
  readonly perNetwork: RateLimit
  /** Attempts that all client networks together may make at one secret before it slows down. */
  readonly perSecret: RateLimit
  /** How long a secret that has slowed down waits between attempts, which it only takes from networks new to it. */
  readonly newcomerPause: Milliseconds
}

const LIMITS: AttemptLimits = {
  perNetwork: { limit: 5, windowMs: milliseconds(10 * MINUTE) },
  perSecret: { limit: 20, windowMs: milliseconds(30 * MINUTE) },
  newcomerPause: milliseconds(MINUTE),
}

/** A passphrase attempt, counted before anything is hashed. */
export interface Attempt extends AttemptLimits {
  /** Who tries: an opaque, keyed hash of the client network. */
  readonly network: string
}

/** The passphrase attempts counted at one secret, for one outcome. A network in it has been counted for the secret too. */
export interface Attempts {
  readonly all: Window
  readonly byNetwork: Readonly<Record<string, Window>>
  /** When a secret that has slowed down takes the next attempt. */
  readonly newcomersFrom: Milliseconds
  /** All attempts since the secret was created, or since they were cleared. */
  readonly total: number
  /** Until when `total` is wanted: the secret expires then. */
  readonly until: Milliseconds
}

/** The result of counting an attempt. */
export type Counted =
  /** A limit is reached. `retryAfter` is at least 1. The attempt was not counted. */
  | { readonly kind: 'locked'; readonly retryAfter: Seconds }
  /** `left`: how many more attempts this network has. */
  | { readonly kind: 'counted'; readonly attempts: Attempts; readonly left: number }

/**
 * Makes the attempt of a client: 5 at one secret in 10 minutes. Beyond 20 in 30 minutes from all clients together, a
 * secret takes one attempt a minute, from client networks that have not tried yet: one attacker cannot lock the recipient
 * out, and many can only slow the recipient down.
 *
 * @param network The client network. Only a keyed hash of it is kept.
 */
export function attemptFrom(ring: KeyRing, network: string): Attempt {
  const hashed = derive(ring.current.key, 'guess-source', network).toString('base64url', 0, 12)
  return { network: hashed, ...LIMITS }
}

/**
 * Counts an attempt, unless a limit is reached.
 *
 * @param attempts Those counted so far.
 * @param until When the secret expires.
 */
export function countAttempt(
  attempts: Attempts | undefined,
  attempt: Attempt,
  until: Milliseconds,
  now: Milliseconds,
): Counted {
  const { network, perNetwork, perSecret, newcomerPause } = attempt
  const all = windowAt(attempts?.all, perSecret, now)
  const own = windowAt(attempts?.byNetwork[network], perNetwork, now)
  const isSlow = all.count >= perSecret.limit
  const newcomersFrom = all.count === 0 ? now : (attempts?.newcomersFrom ?? now)
  const waitAll = own.count > 0 ? all.end : milliseconds(Math.min(newcomersFrom, all.end))
  const retryAfter = Math.max(waitOf(own, perNetwork, now), isSlow ? secondsUntil(waitAll, now) : 0)
  if (retryAfter > 0) return { kind: 'locked', retryAfter: seconds(retryAfter) }
  const running = Object.entries(attempts?.byNetwork ?? {}).filter(([, window]) => now < window.end)
  return {
    kind: 'counted',
    left: Math.max(0, Math.min(perSecret.limit - all.count, perNetwork.limit - own.count) - 1),
    attempts: {
      all: counted(all),
      byNetwork: { ...Object.fromEntries(running), [network]: counted(own) },
      newcomersFrom: isSlow ? milliseconds(now + newcomerPause) : newcomersFrom,
      total: (attempts?.total ?? 0) + 1,
      until,
    },
  }
}

/** Returns when nothing of the attempts is left to remember. */
export function attemptsExpiry({ all, byNetwork, until }: Attempts): Milliseconds {
  const ends = Object.values(byNetwork).map((window) => window.end)
  return milliseconds(Math.max(until, all.end, ...ends))
}
