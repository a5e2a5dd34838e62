import type { Redis } from 'ioredis'
import { unconfirmed } from './errors.ts'
import { replicationMark } from './keys.ts'

/** How long replicas may take to confirm. */
const TIMEOUT_MS = 1000

/**
 * Why Redis may reject the mark although it made the change before it: it is full, or the slot of the mark is moving. Then WAIT is
 * all there is.
 */
const UNMARKED = /^(OOM|ASK|MOVED|TRYAGAIN) /

/** Makes sure that writes survive a failover. A key says which slot of a node they are in. */
export interface Confirmation {
  /** Settles when enough replicas have each write that this node has made so far. @throws Error when they do not. */
  confirm(node: Redis, key: string): Promise<void>
  /**
   * Settles at once while the last confirmation of this node succeeded; otherwise asks for another, so that no script is
   * run that nobody will confirm.
   *
   * @throws Error when too few replicas confirm.
   */
  ensure(node: Redis, key: string): Promise<void>
  /** The same as `confirm`, but settles at once after a confirmation of this node has failed, and never throws. */
  attempt(node: Redis, key: string): Promise<void>
}

/**
 * Creates what makes sure that writes survive a failover. Redis answers a write before its replicas have it, so the loss
 * of a master could undo an answered claim and bring the secret back. WAIT closes that gap:
 * https://redis.io/docs/latest/commands/wait/ If there are more replicas than must confirm, the failover of a lost master
 * still keeps the write, because it prefers the replica that has received most. That of a master which is not lost may undo
 * it: see docs/regions.md.
 *
 * A write that is not confirmed in time has been made all the same.
 *
 * An answer may also follow from what another client wrote: that a secret is gone. Since Redis 7.2, WAIT waits for what its own
 * connection wrote, and no longer for what it has seen. So a mark is written before it, which replicas receive after all of that.
 *
 * @param replicas How many must confirm, at least 1.
 */
export function createConfirmation(replicas: number): Confirmation {
  const next = new Map<Redis, Promise<void>>()
  const checks = new Map<Redis, Promise<void>>()
  const confirming = new WeakSet<Redis>()
  const failing = new WeakSet<Redis>()
  const watched = new WeakSet<Redis>()

  async function wait(node: Redis, key: string): Promise<void> {
    // All writes that are answered in one turn of the event loop share one WAIT.
    await new Promise(setImmediate)
    next.delete(node)
    try {
      const marked = mark(node, key)
      const [confirmed] = await Promise.all([node.wait(replicas, TIMEOUT_MS), marked])
      if (confirmed < replicas) throw unconfirmed(confirmed, replicas)
    } catch (error) {
      confirming.delete(node)
      failing.add(node)
      throw error
    }
    failing.delete(node)
    confirming.add(node)
    forgetWhenClosed(node)
  }

  // The next connection may lead to another master.
  function forgetWhenClosed(node: Redis): void {
    if (watched.has(node)) return
    watched.add(node)
    node.on('close', () => confirming.delete(node))
  }

  function confirm(node: Redis, key: string): Promise<void> {
    const joined = next.get(node) ?? wait(node, key)
    next.set(node, joined)
    return joined
  }

  return {
    confirm,
    async ensure(node, key) {
      if (confirming.has(node)) return
      const check = checks.get(node) ?? confirm(node, key).finally(() => checks.delete(node))
      checks.set(node, check)
      await check
    },
    async attempt(node, key) {
      if (!failing.has(node)) await confirm(node, key).catch(() => undefined)
    },
  }
}

async function mark(node: Redis, key: string): Promise<void> {
  await node.set(replicationMark(key), '', 'PX', TIMEOUT_MS).catch((error: Error) => {
    if (!UNMARKED.test(error.message)) throw error
  })
}
