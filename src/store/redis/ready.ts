import { ReplyError } from 'ioredis'
import type { RedisConnection } from './connection.ts'
import { probeKey } from './keys.ts'
import { loadScript } from './scripts.ts'

const SLOTS = 16_384
const KEEP_MS = 60_000

const probe = loadScript('probe', { confirmed: true })

/**
 * Resolves when each master has replied. Does not write anything.
 *
 * @throws DomainError `store_unavailable`, or an ioredis error.
 */
export async function answersEverywhere({ masters }: RedisConnection): Promise<void> {
  await Promise.all(masters().map((master) => master.ping().catch(acceptReply)))
}

/** Ignores an error reply: a Redis that rejects a command is reachable. */
function acceptReply(error: unknown): void {
  if (!(error instanceof ReplyError)) throw error
}

/**
 * Resolves when each master has accepted a write.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function writeEverywhere({ masters, masterOf, run }: RedisConnection): Promise<void> {
  const left = new Set(masters())
  const writes: Promise<unknown>[] = []
  for (let number = 0; number < SLOTS && left.size > 0; number += 1) {
    const key = probeKey(number)
    if (left.delete(masterOf(key))) writes.push(run(probe, [key], [KEEP_MS]))
  }
  await Promise.all(writes)
}
