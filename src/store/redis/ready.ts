import { ReplyError } from 'ioredis'
import type { Clock } from '../../time.ts'
import { isUnfit } from '../clock-limits.ts'
import type { Readiness } from '../store.ts'
import { clockWarning, measureClockSkew } from './clock.ts'
import type { RedisConnection } from './connection.ts'
import { isFull, storeUnavailable } from './errors.ts'
import { probeKey } from './keys.ts'
import { findFailoverWarnings } from './replica-warnings.ts'
import { loadScript } from './scripts.ts'
import { findEvictionWarnings } from './warnings.ts'

const SLOTS = 16_384
const KEEP_MS = 60_000

const probe = loadScript('probe', { confirmed: true })

/**
 * Resolves when each master has replied. Does not write anything.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function answersEverywhere({ masters }: RedisConnection): Promise<void> {
  await Promise.all(masters().map((master) => master.ping().catch(acceptReply)))
}

/** A Redis that rejects a command has answered. */
function acceptReply(error: unknown): void {
  if (!(error instanceof ReplyError)) throw storeUnavailable(error)
}

/**
 * Settles when each master has accepted a write, or rejected it because it is full.
 *
 * @param replicas The number of replicas that must confirm each write.
 * @param now Our clock, with which those of the masters are compared.
 * @throws DomainError `store_unavailable`.
 */
export async function findReadiness(
  connection: RedisConnection,
  replicas: number,
  now: Clock,
): Promise<Readiness> {
  const masters = connection.masters()
  const [full, evictions, failovers, clockSkew] = await Promise.all([
    writeEverywhere(connection).then(() => undefined, explainFull),
    findEvictionWarnings(masters),
    findFailoverWarnings(masters, replicas),
    measureClockSkew(masters, now),
  ])
  const clock = clockWarning(clockSkew)
  return {
    ...(full !== undefined && { full }),
    ...(clockSkew !== undefined && isUnfit(clockSkew) && { unfit: `clock_skew: ${clock}` }),
    ...(clockSkew !== undefined && { clockSkew }),
    warnings: [...evictions, ...failovers, ...(clock === undefined ? [] : [clock])],
  }
}

function explainFull(error: unknown): string {
  if (!isFull(error)) throw error
  return (error.cause as Error).message
}

async function writeEverywhere({ masters, masterOf, run }: RedisConnection): Promise<void> {
  const left = new Set(masters())
  const writes: Promise<unknown>[] = []
  for (let number = 0; number < SLOTS && left.size > 0; number += 1) {
    const key = probeKey(number)
    if (left.delete(masterOf(key))) writes.push(run(probe, [key], [KEEP_MS]))
  }
  await Promise.all(writes)
}
