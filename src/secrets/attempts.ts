import { derive } from '../crypto/derive.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { counted, type RateLimit, type Window, waitOf, windowAt } from '../limits/rates.ts'
import { type Milliseconds, milliseconds, type Seconds, seconds, secondsUntil } from '../time.ts'

const MINUTE = 60_000

/** The limits on passphrase attempts. */
export interface AttemptLimits {
  /** The limit for one client network at one secret. */
  readonly perNetwork: RateLimit
  /** The limit for all client networks together at one secret, beyond which it slows down. */
  readonly perSecret: RateLimit
  /** The pause between attempts at a secret that has slowed down, which accepts only networks that have not tried yet. */
  readonly newcomerPause: Milliseconds
}

const LIMITS: AttemptLimits = {
  perNetwork: { limit: 5, windowMs: milliseconds(10 * MINUTE) },
  perSecret: { limit: 20, windowMs: milliseconds(30 * MINUTE) },
  newcomerPause: milliseconds(MINUTE),
}

/** A passphrase attempt, counted before anything is hashed. */
export interface Attempt extends AttemptLimits {
  /** A keyed hash of the client network. */
  readonly network: string
}

/** The passphrase attempts counted at one secret, for one outcome. Each counts both for its network and in `all`. */
export interface Attempts {
  readonly all: Window
  readonly byNetwork: Readonly<Record<string, Window>>
  /** When a secret that has slowed down accepts the next attempt. */
  readonly newcomersFrom: Milliseconds
  /** The number of attempts since the secret was created or they were cleared. */
  readonly total: number
  /** How long `total` is kept: until the secret expires. */
  readonly until: Milliseconds
}

/** The result of counting an attempt. */
export type Counted =
  /** A limit is reached. `retryAfter` is at least 1. The attempt was not counted. */
  | { readonly kind: 'locked'; readonly retryAfter: Seconds }
  /** `left`: how many more attempts this network has. `retryAfter`: if it has none left, the seconds until the next one. */
  | {
      readonly kind: 'counted'
      readonly attempts: Attempts
      readonly left: number
      readonly retryAfter?: Seconds
    }

/**
 * Creates an attempt of a client network, with the limits at one secret: 5 in 10 minutes for the network. Beyond 20 in 30
 * minutes from all networks together, a secret accepts one attempt per minute, only from networks that have not tried yet.
 * So one attacker cannot lock the recipient out, and many can only slow the recipient down.
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
 * @param attempts The attempts counted so far, if any.
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
  const running = runningWindows(attempts, now)
  const [nextAll, nextOwn] = [counted(all), counted(own)]
  const pause = Math.max(waitOf(nextOwn, perNetwork, now), waitOf(nextAll, perSecret, now))
  return {
    kind: 'counted',
    left: Math.max(0, Math.min(perSecret.limit - nextAll.count, perNetwork.limit - nextOwn.count)),
    ...(pause > 0 && { retryAfter: seconds(pause) }),
    attempts: {
      all: nextAll,
      byNetwork: { ...Object.fromEntries(running), [network]: nextOwn },
      newcomersFrom: isSlow ? milliseconds(now + newcomerPause) : newcomersFrom,
      total: (attempts?.total ?? 0) + 1,
      until,
    },
  }
}

/** Returns the attempts without the client networks whose windows have ended, or undefined once nothing is left to keep. */
export function unexpiredAttempts(attempts: Attempts, now: Milliseconds): Attempts | undefined {
  const { all, until } = attempts
  const byNetwork = Object.fromEntries(runningWindows(attempts, now))
  const isKept = now < until || now < all.end || Object.keys(byNetwork).length > 0
  return isKept ? { ...attempts, byNetwork } : undefined
}

/** Returns when to look at attempts again: when the last of their windows ends, and when their secret expires. */
export function attemptsDue({ all, byNetwork, until }: Attempts): Milliseconds[] {
  const ends = Object.values(byNetwork).map((window) => window.end)
  return [milliseconds(Math.max(all.end, ...ends)), until]
}

function runningWindows(attempts: Attempts | undefined, now: Milliseconds): [string, Window][] {
  return Object.entries(attempts?.byNetwork ?? {}).filter(([, window]) => now < window.end)
}
