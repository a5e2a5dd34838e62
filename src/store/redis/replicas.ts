import type { Redis } from 'ioredis'

/** Milliseconds that replicas have to confirm. */
const TIMEOUT_MS = 1000

/** Settles when enough replicas have every write that this node has answered before. */
export type ConfirmWrites = (node: Redis) => Promise<void>

/**
 * Redis answers a write before its replicas have it, so a master that is lost can take an answered claim with it and
 * the secret would be there again. WAIT closes that gap: https://redis.io/docs/latest/commands/wait/
 * Where there are more replicas than confirm, a failover keeps the write because it prefers the one that has most.
 * @param replicas How many have to confirm, at least 1.
 * @returns A function that rejects when they do not confirm in time. The writes then stand on the master.
 */
export function createConfirmation(replicas: number): ConfirmWrites {
  const next = new Map<Redis, Promise<void>>()

  async function confirm(node: Redis): Promise<void> {
    // Everything that is answered in one turn of the event loop shares one WAIT.
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
