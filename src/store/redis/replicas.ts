import type { Redis } from 'ioredis'

/** How long replicas may take to confirm. */
const TIMEOUT_MS = 1000

/** Settles when enough replicas have each write that this node has answered so far. */
export type ConfirmWrites = (node: Redis) => Promise<void>

/**
 * Creates a function that makes sure that writes survive a failover. Redis answers a write before its replicas have it,
 * so the loss of a master could undo an answered claim and bring the secret back. WAIT closes that gap:
 * https://redis.io/docs/latest/commands/wait/ If there are more replicas than must confirm, a failover still keeps the
 * write, because it prefers the replica that has received most.
 *
 * @param replicas How many must confirm, at least 1.
 * @returns A function that rejects when they do not confirm in time. The master has the writes all the same.
 */
export function createConfirmation(replicas: number): ConfirmWrites {
  const next = new Map<Redis, Promise<void>>()

  async function confirm(node: Redis): Promise<void> {
    // All writes that are answered in one turn of the event loop share one WAIT.
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
