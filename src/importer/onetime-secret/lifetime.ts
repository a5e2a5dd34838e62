import { type Milliseconds, milliseconds, type Seconds, seconds } from '../../time.ts'

/** The longest lifetime that is believed: 100 years. */
export const MAX_LIFETIME = seconds(100 * 365 * 86_400)
// Old servers set the expiry a moment after the creation, and tell times in whole seconds.
const TOLERANCE_MS = 10_000

/** When a secret was created, and how long it lives. */
export interface Lifetime {
  readonly created: Milliseconds
  readonly ttl: Seconds
}

/** A lifetime, and whether the old record ends with it. */
interface OldLifetime {
  readonly lifetime: Lifetime
  /** Otherwise the old record may stay, because it has no TTL. */
  readonly ends: boolean
}

/** What the lifetime of a secret is derived from. */
interface LifetimeSources {
  /** In Unix seconds, possibly with a fraction. */
  readonly created: number
  /** What the old server granted the secret, if it is known. */
  readonly granted: Seconds | undefined
  /** When the old record expires. */
  readonly expires: Milliseconds
}

/**
 * Returns the lifetime of a secret whose old record expires at a time, with the ttl that the old server granted if that fits.
 *
 * @param options `lives`: how many times its ttl the record lives; a receipt twice.
 * @returns Undefined when the times contradict each other.
 */
export function lifetimeOf(
  { created: createdSeconds, granted, expires }: LifetimeSources,
  { lives }: { readonly lives: 1 | 2 },
): OldLifetime | undefined {
  const created = milliseconds(Math.round(createdSeconds * 1000))
  const lifetime = Math.min(expires - created, MAX_LIFETIME * 1000)
  if (!(created >= 0 && lifetime > 0)) return undefined
  const ends =
    granted !== undefined && granted > 0 && Math.abs(granted * 1000 * lives - lifetime) <= TOLERANCE_MS
  // Whole seconds, as everything that reads a ttl expects.
  const ttl = seconds(ends ? Math.round(granted) : Math.ceil(lifetime / 1000 / lives))
  return { lifetime: { created, ttl }, ends }
}
