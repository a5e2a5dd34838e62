import { type Milliseconds, milliseconds, type Seconds, seconds, secondsUntil } from '../time.ts'

/** At most `limit` events in a window that begins with the first. */
export interface RateLimit {
  readonly limit: number
  readonly windowMs: Milliseconds
}

/** The rate limits: those of a client network, those of an account, and that of signing in on the pages. */
export interface RateLimits {
  readonly create: RateLimit
  readonly reveal: RateLimit
  readonly accountCreate: RateLimit
  readonly accountReveal: RateLimit
  readonly signIn: RateLimit
}

/** What has been counted since a window began. */
export interface Window {
  readonly count: number
  /** When counting starts anew. */
  readonly end: Milliseconds
}

/** Counts requests, shared by all processes. */
export interface RateStore {
  /**
   * Counts one request in one atomic step. A rejected request is not counted.
   *
   * @param bucket Who is counted and for what: an opaque name that holds no address in clear.
   * @param limit How many requests are accepted.
   * @param now When the request came.
   * @returns Seconds until the next request is accepted (at least 1) if this one is not, else 0.
   * @throws DomainError `store_unavailable`.
   */
  take(bucket: string, limit: RateLimit, now: Milliseconds): Promise<Seconds>
}

/** Returns the window that runs at `now`: the stored one, or a new one. */
export function windowAt(stored: Window | undefined, { windowMs }: RateLimit, now: Milliseconds): Window {
  return stored !== undefined && now < stored.end ? stored : { count: 0, end: milliseconds(now + windowMs) }
}

/** Returns the seconds, at least 1, until a full window ends; 0 while it has room. */
export function waitOf(window: Window, { limit }: RateLimit, now: Milliseconds): Seconds {
  return window.count < limit ? seconds(0) : secondsUntil(window.end, now)
}

/**
 * Counts a request, unless its window is full. A store reads the window and writes what this returns.
 *
 * @param stored The window of the request's bucket, if there is one.
 * @returns `wait`: seconds until the next request is accepted, 0 for this one. `window`: replaces the stored one.
 */
export function countRequest(
  stored: Window | undefined,
  limit: RateLimit,
  now: Milliseconds,
): { readonly wait: Seconds; readonly window?: Window } {
  const window = windowAt(stored, limit, now)
  const wait = waitOf(window, limit, now)
  return wait > 0 ? { wait } : { wait, window: counted(window) }
}

/** Returns the window with one more event counted. */
export function counted({ count, end }: Window): Window {
  return { count: count + 1, end }
}
