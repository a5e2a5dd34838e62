import type { Redis } from 'ioredis'
import { type Clock, type Seconds, seconds } from '../../time.ts'
import { isTolerable } from '../clock-limits.ts'
import { storeUnavailable } from './errors.ts'
import { permitted } from './permitted.ts'

/**
 * Compares the clocks of the masters with ours: https://redis.io/docs/latest/commands/time/
 *
 * @returns The difference of the one that differs most, positive when it is ahead of ours, less what the time of the
 *   request may account for; undefined where TIME is not permitted.
 * @throws DomainError `store_unavailable`.
 */
export async function measureClockSkew(masters: readonly Redis[], now: Clock): Promise<Seconds | undefined> {
  const skews = await Promise.all(masters.map((master) => skewOf(master, now))).catch((error: unknown) => {
    throw storeUnavailable(error)
  })
  const known = skews.filter((skew) => skew !== undefined)
  return known.sort((a, b) => Math.abs(b) - Math.abs(a))[0]
}

async function skewOf(master: Redis, now: Clock): Promise<Seconds | undefined> {
  const [sent, began] = [now(), performance.now()]
  const reply = await permitted(master.time())
  if (reply === undefined) return undefined
  const tripMs = performance.now() - began
  const [unixSeconds, microseconds] = reply.map(Number) as [number, number]
  const skewMs = unixSeconds * 1000 + microseconds / 1000 - (sent + tripMs / 2)
  const certainMs = Math.max(0, Math.abs(skewMs) - tripMs / 2)
  return seconds((skewMs < 0 ? 0 - certainMs : certainMs) / 1000)
}

/** Returns a warning about clocks that differ too much, or undefined. */
export function clockWarning(skew: Seconds | undefined): string | undefined {
  if (skew === undefined || isTolerable(skew)) return undefined
  const direction = skew > 0 ? 'behind' : 'ahead of'
  return `the clock of this server is ${Math.round(Math.abs(skew))} s ${direction} that of Redis: synchronize both`
}
