import { type Milliseconds, milliseconds, type Seconds, seconds, secondsUntil } from '../time.ts'

/** At most `limit` events in a window that begins with the first one. */
export interface RateLimit {
  readonly limit: number
  readonly windowMs: Milliseconds
}

/** What a request counts against. */
export interface Quota {
  /** An opaque name for the caller and the limit; it contains no address in clear. */
  readonly bucket: string
  readonly limit: RateLimit
  /** How many requests it counts as; 1 by default. */
  readonly requests?: number
}

/**
 * All rate limits. Those whose names begin with `account` apply to an account, `unreadableBody` to an account or else a
 * client network, the others to a client network.
 */
export interface RateLimits {
  readonly create: RateLimit
  readonly reveal: RateLimit
  /** Views of receipts. */
  readonly receipt: RateLimit
  readonly accountCreate: RateLimit
  readonly accountReveal: RateLimit
  readonly accountReceipt: RateLimit
  readonly signIn: RateLimit
  /** Wrong API tokens. */
  readonly wrongToken: RateLimit
  readonly unreadableBody: RateLimit
}

/** The rate limits, as `RATE_LIMIT` and the metrics name them. */
export const RATE_LIMIT_NAMES: Readonly<Record<keyof RateLimits, string>> = {
  create: 'create',
  reveal: 'reveal',
  receipt: 'receipt',
  accountCreate: 'account-create',
  accountReveal: 'account-reveal',
  accountReceipt: 'account-receipt',
  signIn: 'sign-in',
  wrongToken: 'wrong-token',
  unreadableBody: 'unreadable-body',
}

/** Is called with the name of a limit that rejected a request without asking the store. Must not throw. */
export type LimitObserver = (limit: keyof RateLimits) => void

/** The events counted in one window. */
export interface Window {
  readonly count: number
  /** When the window ends and the count restarts. */
  readonly end: Milliseconds
}

/** Counts requests for all processes together. */
export interface RateStore {
  /**
   * Counts a request in one atomic step, with all that it counts as or not at all. A rejected request is not counted.
   *
   * @returns 0 when the request was accepted; otherwise the seconds until the next one is, at least 1.
   * @throws DomainError `store_unavailable`.
   */
  take(quota: Quota, now: Milliseconds): Promise<Seconds>
}

/** Returns the window in effect at `now`: the stored one, or a new one if that has ended. */
export function windowAt(stored: Window | undefined, { windowMs }: RateLimit, now: Milliseconds): Window {
  return stored !== undefined && now < stored.end ? stored : { count: 0, end: milliseconds(now + windowMs) }
}

/** Returns 0 while the window has room; otherwise the seconds until it ends, at least 1. */
export function waitOf(window: Window, { limit }: RateLimit, now: Milliseconds): Seconds {
  return window.count < limit ? seconds(0) : secondsUntil(window.end, now)
}

/**
 * Counts a request, unless its window is full. The store reads the window and writes the one returned.
 *
 * @param stored The window of the request's bucket, if it has one.
 * @returns `wait`: 0 when the request was counted, else seconds to wait. `window`: to be stored, if the request was
 *   counted.
 */
export function countRequest(
  stored: Window | undefined,
  { limit, requests = 1 }: Pick<Quota, 'limit' | 'requests'>,
  now: Milliseconds,
): { readonly wait: Seconds; readonly window?: Window } {
  const { count, end } = windowAt(stored, limit, now)
  const beforeLast = { count: count + requests - 1, end }
  const wait = waitOf(beforeLast, limit, now)
  return wait > 0 ? { wait } : { wait, window: counted(beforeLast) }
}

/** Returns the window with one more event. */
export function counted({ count, end }: Window): Window {
  return { count: count + 1, end }
}
