import type { Redis } from 'ioredis'
import { unconfirmed } from './errors.ts'
import { replicationMark } from './keys.ts'

/** How long replicas may take to confirm. */
export const CONFIRMATION_TIMEOUT_MS = 1000

/** Why Redis may reject the mark although it runs scripts: it is full, the slot is moving, or its ACL has no such key. */
const UNMARKED = /^(OOM|ASK|MOVED|TRYAGAIN|NOPERM) /

/** Makes sure that writes survive a failover. */
export interface Confirmation {
  /**
   * Settles when enough replicas have each write that this node has answered so far on its connection.
   *
   * @param node Undefined when that connection is closed: on another one, there would be nothing to wait for.
   * @throws Error when they do not.
   */
  confirm(node: Redis | undefined): Promise<void>
  /**
   * Settles at once while the last confirmation of this node succeeded; otherwise asks for another, so that no script is
   * run that nobody will confirm.
   *
   * @param key Is in the slot of the script.
   * @throws Error when too few replicas confirm.
   */
  ensure(node: Redis, key: string): Promise<void>
  /** The same as `confirm`, but settles at once after a confirmation of this node has failed, and never throws. */
  attempt(node: Redis | undefined): Promise<void>
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
 * connection wrote, and no longer for what it has seen. So such a script writes something too: lua/replicas/leave_trace.lua.
 *
 * @param replicas How many must confirm, at least 1.
 */
export function createConfirmation(replicas: number): Confirmation {
  const next = new Map<Redis, Promise<void>>()
  const checks = new Map<Redis, Promise<void>>()
  const confirming = new WeakSet<Redis>()
  const failing = new WeakSet<Redis>()
  const watched = new WeakSet<Redis>()

  async function wait(node: Redis): Promise<void> {
    const { stream } = node
    // All writes that are answered in one turn of the event loop share one WAIT.
    await new Promise(setImmediate)
    next.delete(node)
    try {
      if (node.stream !== stream) throw closed()
      const confirmed = await node.wait(replicas, CONFIRMATION_TIMEOUT_MS)
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

  async function confirm(node: Redis | undefined): Promise<void> {
    if (node === undefined) throw closed()
    const joined = next.get(node) ?? wait(node)
    next.set(node, joined)
    await joined
  }

  // Without a write, a new connection would have nothing to wait for, and count replicas that hang.
  async function check(node: Redis, key: string): Promise<void> {
    await node.set(replicationMark(key), '', 'PX', CONFIRMATION_TIMEOUT_MS).catch((error: Error) => {
      if (!UNMARKED.test(error.message)) throw error
    })
    await confirm(node)
  }

  return {
    confirm,
    async ensure(node, key) {
      if (confirming.has(node)) return
      const joined = checks.get(node) ?? check(node, key).finally(() => checks.delete(node))
      checks.set(node, joined)
      await joined
    },
    async attempt(node) {
      if (node !== undefined && !failing.has(node)) await confirm(node).catch(() => undefined)
    },
  }
}

function closed(): Error {
  return new Error('Redis closed the connection before replicas confirmed a write')
}
