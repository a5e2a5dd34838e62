import type { Redis } from 'ioredis'

/** How long replicas may take to confirm. */
const TIMEOUT_MS = 1000

/** Resolves when enough replicas have confirmed all writes of a node so far. */
export type ConfirmWrites = (node: Redis) => Promise<void>

/**
 * Creates a function that ensures that writes survive a failover. Redis replies to a write before its replicas have it, so
 * losing a master could undo a claim and restore its secret. WAIT closes that gap:
 * https://redis.io/docs/latest/commands/wait/ This holds even with more replicas than must confirm, because a failover
 * prefers the replica that has received most.
 *
 * @param replicas The number of replicas that must confirm, at least 1.
 * @returns A function that rejects when they do not confirm in time, although the master has made the writes.
 */
export function createConfirmation(replicas: number): ConfirmWrites {
  const next = new Map<Redis, Promise<void>>()

  async function confirm(node: Redis): Promise<void> {
    // All writes confirmed in one turn of the event loop share one WAIT.
    await new Promise(setImmediate)
    next.delete(node)
    const confirmed = await node.wait(replicas, TIMEOUT_MS)
    if (confirmed < replicas) throw new Error(`${confirmed} of ${replicas} replicas confirmed a write`)
  }

  return (node) => {
    const joined = next.get(node) ?? confirm(node)
    next.set(node, joined)
    return joined
  }
}
